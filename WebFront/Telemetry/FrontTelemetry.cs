using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Connections.WebFront.Telemetry;

/// <summary>The meter and the activity source of what happens on fronts. No measurement names a user.</summary>
internal static class FrontTelemetry
{
    public const string Name = "Connections.WebFront";

    public static readonly Meter Instruments = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
