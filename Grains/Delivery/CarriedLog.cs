using Connections.Core;

namespace Connections.Grains.Delivery;

/// <summary>
/// The newest frames of a user's log, on their way to the silo that the user moves to: a tab that changes its front while its user moves
/// asks the new owner for what it missed.
/// </summary>
[GenerateSerializer, Alias("connections.carried-log")]
internal sealed class CarriedLog
{
    /// <summary>
    /// The most bytes of one user that move. Orleans moves up to 1,000 users in one message of at most 100 MB; what is older is lost to who
    /// asks for it, with a gap that says so.
    /// </summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>The log's epoch.</summary>
    [Id(0)]
    public ulong Epoch { get; init; }

    /// <summary>The frames, oldest first and without a hole.</summary>
    [Id(1)]
    public Frame[] Frames { get; init; } = [];

    /// <summary>Whether the frames are those before a position: the end that the last owner stored.</summary>
    public bool EndsAt(FramePosition top) => Epoch == top.Epoch && Frames is [.., var last] && last.Offset == top.Offset;
}
