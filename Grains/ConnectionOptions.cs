using System.ComponentModel.DataAnnotations;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.Grains;

/// <summary>
/// How a silo keeps its users' connections; section <c>Connection</c>. A connection lives while fronts are attached and
/// <see cref="Linger"/> longer; its frames are kept in <see cref="Window"/>, and all frames of a silo in <see cref="MaxReplayBytes"/>.
/// </summary>
public sealed class ConnectionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Connection";

    /// <summary>How long the upstream stays after the last tab left, so that a reload costs the backend nothing. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How fast all tabs of a user together may send; more is rejected. Default 2,000 messages and 32 MiB a second.</summary>
    [Required, ValidateObjectMembers]
    public RateLimitOptions SendLimit { get; set; } = new() { MessagesPerSecond = 2_000, BytesPerSecond = 32 << 20 };

    /// <summary>How many tabs a user may have in the whole cluster; the newest ones beyond are closed. Default 256.</summary>
    [Range(1, 1_000_000)]
    public int MaxTabs { get; set; } = 256;

    /// <summary>What is kept of each user's frames for those who come back.</summary>
    [Required, ValidateObjectMembers]
    public ReplayWindow Window { get; set; } = new();

    /// <summary>What all users' frames on one silo may hold together, in bytes. Default 256 MiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxReplayBytes { get; set; } = 256L << 20;

    /// <summary>
    /// How long a silo that stops may take to hand its users over. Default 20 s, enough for 10,000 users at 500 dials a second; the process
    /// needs up to 10 s more to stop.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often an idle link tells its front that this silo lives. Default 1 s; a front takes three missed ones for a loss.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether fronts may connect to this silo for their links, past Orleans' own queues. Default true; where one can't, Orleans carries its batches.</summary>
    public bool DirectLinks { get; set; } = true;

    /// <summary>The port for that. Default 0: any that is free; fronts hear which.</summary>
    [Range(0, 65535)]
    public int LinkPort { get; set; }
}
