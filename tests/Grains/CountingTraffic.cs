using Connections.Grains.Telemetry;
using Connections.Hosting.Memory;

namespace Connections.Grains.Tests;

/// <summary>What a silo brings to fronts counts as traffic that no collection should hold up.</summary>
public sealed class CountingTraffic
{
    private const int Frames = 3;

    [Fact]
    public void Frames_that_fronts_have_acknowledged_count()
    {
        using var traffic = new Traffic();
        LinkMetrics.Acknowledged(Frames, TimeSpan.Zero);

        // Other tests' links count too.
        Assert.InRange(traffic.Frames, Frames, long.MaxValue);
    }
}
