namespace Connections.Testing.History.Checking;

/// <summary>Which promise was broken.</summary>
public enum ViolationKind
{
    /// <summary>A message of the backend that should have got a position never got one.</summary>
    Lost,

    /// <summary>A tab got a frame twice, or a message got two positions.</summary>
    Doubled,

    /// <summary>Frames or messages came in another order than they were sent.</summary>
    Reordered,

    /// <summary>Frames are missing and no gap, or no marker, said so.</summary>
    UndeclaredGap,

    /// <summary>A gap was told, and what came was not what it said: too small, too large, of another epoch.</summary>
    WrongGap,

    /// <summary>A tab that was not recovered got frames before it was told the gap.</summary>
    FrameBeforeGap,

    /// <summary><c>recovered: true</c> at another place than the one asked for.</summary>
    FalseRecovery,

    /// <summary>One position, two contents.</summary>
    ContentsDiffer,

    /// <summary>A frame or a message that nobody sent.</summary>
    Invented,

    /// <summary>A receipt that the backend's own list contradicts.</summary>
    LyingReceipt,

    /// <summary>A message that may arrive once arrived twice.</summary>
    MessageTwice,

    /// <summary>Two final statuses of one message, or one notice twice.</summary>
    TwoFinals,

    /// <summary>A message without a final status, though everything has come to rest.</summary>
    NoFinal,

    /// <summary>Two owners at once, or one that came too late, for longer than is allowed.</summary>
    TwoOwners,

    /// <summary>Frames of an owner that had been replaced reached a tab that had frames of the newer one.</summary>
    StaleOwner,

    /// <summary>A tab does not stand at the top, though everything has come to rest.</summary>
    Stuck,
}
