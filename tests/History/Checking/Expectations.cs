namespace Connections.Testing.History.Checking;

/// <summary>What a history is held to beside the promises that always hold.</summary>
public sealed record Expectations
{
    /// <summary>
    /// For how long two owners of a user may have an upstream at once, and a tab may come back to the older one's frames. Default none: set
    /// it to the bound of the fence where a run hangs or cuts off silos.
    /// </summary>
    public TimeSpan OwnersMayOverlap { get; init; }

    /// <summary>
    /// How much later than the backend an owner may learn that their connection has ended: what its kernel took until then is <c>sent</c>, and lost. Default
    /// zero: both learn of it at once.
    /// </summary>
    public TimeSpan LossIsHeardWithin { get; init; }

    /// <summary>
    /// Whether the faults had stopped and everything had come to rest when the history ended. Then every open tab stands at the top, each
    /// message has a final status, and what was sent has arrived. Default false.
    /// </summary>
    public bool IsSettled { get; init; }
}
