using System.ComponentModel.DataAnnotations;

namespace Connections.Grains.Placement;

/// <summary>
/// How users are spread anew when a silo has joined; section <c>Rebalance</c>. Silos that have more than their share hand users over, within
/// half of the dial budget, until they have their share. Each such user's upstream is dialled anew, and a marker tells.
/// </summary>
public sealed class RebalanceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Rebalance";

    /// <summary>Whether it is done. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>With fewer users in the cluster it is not worth their reconnects. Default 100.</summary>
    [Range(0, int.MaxValue)]
    public int MinUsers { get; set; } = 100;

    /// <summary>The spread, (most - fewest) / average, at which it ends. Default 0.1: well within the 20 % that are promised.</summary>
    [Range(0.01, 1.0)]
    public double Spread { get; set; } = 0.1;

    /// <summary>How long after a silo joined it begins, so that silos that join together are one change, and for how long a silo must have had too
    /// many before it hands any over. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(3);
}
