using System.ComponentModel.DataAnnotations;

namespace Connections.Core;

/// <summary>How fast one sender may send. Two seconds' worth may come at once.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Messages a second. Default 1,000.</summary>
    [Range(0.1, 1_000_000)]
    public double MessagesPerSecond { get; set; } = 1_000;

    /// <summary>Bytes of payload a second. Default 16 MiB.</summary>
    [Range(1, double.MaxValue)]
    public double BytesPerSecond { get; set; } = 16 << 20;
}
