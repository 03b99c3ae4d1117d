using Connections.Core;

namespace Connections.WebFront.GraphQL;

/// <summary>What the resolvers of one operation need to know: whose it is, and for a subscription who says that an event was written.</summary>
internal sealed class OperationContext(UserId user, DateTimeOffset? expires, EventGate? gate) : Dictionary<string, object?>
{
    /// <summary>Whose.</summary>
    public UserId User => user;

    /// <summary>When the token expires, if it does.</summary>
    public DateTimeOffset? Expires => expires;

    /// <summary>Lets one event through at a time; null where subscriptions cannot be, which is plain HTTP.</summary>
    public EventGate? Gate => gate;
}
