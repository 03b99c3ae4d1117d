using System.ComponentModel.DataAnnotations;

namespace Connections.Hosting.Draining;

/// <summary>
/// How a process leaves; section <c>Drain</c>. At SIGTERM its readiness turns false, then it waits for <see cref="Delay"/>, so that balancers
/// notice, then it drains, for <see cref="Patience"/> at most, and then it stops.
/// </summary>
public sealed class DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Drain";

    /// <summary>How long after the readiness the drain begins: longer than a balancer's health check takes to notice. Default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; }

    /// <summary>How long the drain may take. Default 5 s: tabs have 3 s to go, users a moment to be detached.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);
}
