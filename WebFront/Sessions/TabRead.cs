using Connections.Core;
using Connections.Grains.Abstractions.State;

namespace Connections.WebFront.Sessions;

/// <summary>What a tab has to do next.</summary>
internal enum TabReadKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Write frames.</summary>
    Frames,

    /// <summary>Write the state.</summary>
    State,

    /// <summary>The log is another one: tell the gap and go on from the new cursor.</summary>
    Restart,

    /// <summary>The log was replaced and begins later than the cursor: ask the grain.</summary>
    Behind,

    /// <summary>The cursor fell off the log because the tab did not keep up.</summary>
    TooSlow,
}

/// <summary>The answer to a tab that asks what to do next.</summary>
internal readonly record struct TabRead(
    TabReadKind Kind,
    FrameRange? Range = null,
    ConnectionState? State = null,
    int StateVersion = 0,
    Gap? Gap = null,
    FramePosition Cursor = default,
    int ResetVersion = 0);
