using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Connections.Grains.Telemetry;

/// <summary>The meter and the activity source of what happens on silos. No measurement names a user.</summary>
internal static class GrainTelemetry
{
    public const string Name = "Connections.Grains";

    public static readonly Meter Instruments = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
