using System.ComponentModel.DataAnnotations;

namespace Connections.Silo.Clustering;

/// <summary>
/// Where a silo listens and which cluster it is of; section <c>Silo</c>. Whoever reaches these ports is trusted: keep them on a network
/// of their own.
/// </summary>
public sealed class SiloOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Silo";

    /// <summary>The port for other silos. Default 11111.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for fronts. Default 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The address told to others, or a name for it; by default this machine's first one. Of a name that several silos share, each takes the
    /// address that is its own. If the address is one of this machine, the silo listens on it alone, else on all.
    /// </summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>The cluster's name: silos and fronts of one name and one Redis find each other. Default <c>connections</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_.-]{1,64}$")]
    public string ClusterId { get; set; } = "connections";
}
