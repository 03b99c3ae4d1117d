using Connections.WebFront.Identity;

namespace Connections.WebFront.GraphQL;

/// <summary>What the resolvers of one operation need to know: whose it is, and for a subscription who says that an event was written.</summary>
internal sealed class OperationContext(Caller caller, EventGate? gate) : Dictionary<string, object?>
{
    /// <summary>Whose.</summary>
    public Caller Caller => caller;

    /// <summary>Lets one event through at a time; null where subscriptions cannot be, which is plain HTTP.</summary>
    public EventGate? Gate => gate;
}
