namespace Connections.Core;

/// <summary>How far a message in the outbox has come.</summary>
public enum OutboxProgress : byte
{
    /// <summary>It waits and was never handed over.</summary>
    Waiting,

    /// <summary>It is being handed over.</summary>
    HandedOver,

    /// <summary>It waits after a hand-over that ended without proof, so it may have arrived already.</summary>
    WaitingAgain,
}
