using System.ComponentModel.DataAnnotations;

namespace Connections.Hosting.Management;

/// <summary>
/// Where health and metrics are; section <c>Management</c>. On a port of their own they answer before the rest of the process has started
/// and until it has stopped, and users cannot reach them.
/// </summary>
public sealed class ManagementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Management";

    /// <summary>The port, on every address. Default 0: health on the main port, metrics there too but in Development only.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }
}
