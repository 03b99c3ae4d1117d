using Connections.Hosting.Memory;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Tests;

/// <summary>What a front brings to tabs, and takes from them, counts as traffic that no collection should hold up.</summary>
public sealed class CountingTraffic
{
    [Fact]
    public void Frames_of_tabs_count()
    {
        using var traffic = new Traffic();
        TabMetrics.Took("sse", bytes: 1);

        // Other tests' tabs count too.
        Assert.InRange(traffic.Frames, 1, long.MaxValue);
    }
}
