namespace Connections.Backend.Faults;

/// <summary>A fault while it is switched on: whom it hits, whether it is in a down phase, and when it ends.</summary>
internal sealed class ActiveFault(Fault fault)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDown;

    internal Fault Fault { get; } = fault;

    /// <summary>Completes when another fault, or none, takes over.</summary>
    internal Task Ended => _ended.Task;

    internal bool Hits(string userId) => Fault.Users?.Contains(userId) ?? true;

    internal bool HoldsDials(string userId) => Fault.Mode is FaultMode.StallAccept && Hits(userId);

    internal bool RefusesDials(string userId) => (Fault.Mode is FaultMode.Refuse || _isDown) && Hits(userId);

    internal bool StopsReading(string userId) => Fault.Mode is FaultMode.Stall or FaultMode.StopReading && Hits(userId);

    internal bool StopsSending(string userId) => Fault.Mode is FaultMode.Stall && Hits(userId);

    /// <summary>Called by the flapping alone.</summary>
    internal void TurnDown(bool isDown) => _isDown = isDown;

    /// <summary>Called by the switch alone.</summary>
    internal void End() => _ended.TrySetResult();
}
