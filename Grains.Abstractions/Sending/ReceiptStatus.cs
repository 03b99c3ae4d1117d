namespace Connections.Grains.Abstractions.Sending;

/// <summary>What became of a tab's message. The names are on every wire, in lower case.</summary>
public enum ReceiptStatus
{
    /// <summary>Handed to the kernel of the owner's machine. Whether the backend read it cannot be known.</summary>
    Sent = 0,

    /// <summary>Waits for the upstream.</summary>
    Queued = 1,

    /// <summary>Not taken, and never handed over.</summary>
    Rejected = 2,

    /// <summary>Waited for too long; never handed over.</summary>
    Expired = 3,

    /// <summary>May or may not have been handed over when the upstream or its owner was lost.</summary>
    Unknown = 4,
}
