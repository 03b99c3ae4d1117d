using System.ComponentModel.DataAnnotations;

namespace Connections.Core;

/// <summary>How much of a user's log is kept for those who come back. Whichever limit is reached first evicts the oldest frames.</summary>
public sealed record ReplayWindow
{
    /// <summary>The most frames of one user. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxFrames { get; init; } = 1_000;

    /// <summary>The most bytes of one user, payloads and <see cref="Frame.Overhead"/>. Default 1 MiB. The newest frame is kept even when it alone is larger.</summary>
    [Range(1_024, 1 << 30)]
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>The greatest age of a frame. Default 120 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(120);
}
