namespace Connections.Simulation.Tests.World;

/// <summary>Defects that a world can have, each at a seam of the real code: the simulation must find every one of them.</summary>
public enum Sabotage
{
    /// <summary>None: everything is as it is in production.</summary>
    None,

    /// <summary>A frame is left out on its way to a tab.</summary>
    SkipAFrame,

    /// <summary>Two frames change places on their way to a tab.</summary>
    SwapFrames,

    /// <summary>A frame goes to a tab twice.</summary>
    DoubleAFrame,

    /// <summary>A tab is told another epoch than the log's.</summary>
    WrongEpoch,

    /// <summary>A gap is not told.</summary>
    GapNotTold,

    /// <summary>A gap is told one frame too small.</summary>
    GapTooSmall,

    /// <summary>A gap is told after the frames that follow it.</summary>
    GapAfterFrames,

    /// <summary>An owner that cannot give every frame after a position says that it can.</summary>
    FalseRecovery,

    /// <summary>A message of the backend is dropped before it is stamped.</summary>
    LoseAMessage,

    /// <summary>A message of the backend is stamped twice.</summary>
    StampTwice,

    /// <summary>Two messages of the backend change places before they are stamped.</summary>
    SwapMessages,

    /// <summary>What waits is answered with "sent".</summary>
    FalseSent,

    /// <summary>What was handed over is answered with "rejected".</summary>
    FalseRejected,

    /// <summary>A message that may be sent once is sent again after its upstream was lost.</summary>
    AgainThoughAtMostOnce,

    /// <summary>A tab's message is handed over twice.</summary>
    HandOverTwice,

    /// <summary>Two tabs' messages change places on their way to the backend.</summary>
    SwapSends,

    /// <summary>Final receipts of what waited are never told.</summary>
    NoLateReceipts,

    /// <summary>Final receipts of what waited are told twice.</summary>
    LateReceiptsTwice,

    /// <summary>An owner begins with a generation that another had before it.</summary>
    GenerationNotRaised,

    /// <summary>The frames of an owner that was replaced are taken for those of the new one.</summary>
    StaleOwnerNotFenced,

    /// <summary>An owner that leaves keeps its upstream.</summary>
    UpstreamKept,

    /// <summary>The owner after a crash goes on in the same epoch.</summary>
    EpochKept,

    /// <summary>The record of an owner that died says that it left in order.</summary>
    CrashLooksClean,

    /// <summary>A front does not ask for what a push left out.</summary>
    HoleNotFilled,
}
