using Connections.Core;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Tests;

/// <summary>A silo has a limit of connections to the backend: who is one too many waits, and nobody is blamed for it.</summary>
public sealed class FillingASilo
{
    [Fact]
    public async Task The_user_who_is_one_too_many_waits_for_a_place_without_a_dial_and_without_a_break()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:MaxConnections=1", "Connection:Linger=00:00:01");
        var first = gateway.Front();
        await first.AttachAsync("alice");
        await gateway.StateIsAsync("alice", s => s.Upstream is UpstreamStatus.Open, "alice's upstream is open");
        var second = gateway.Front();
        await second.AttachAsync("bob");

        var waiting = await gateway.StateIsAsync("bob", s => s.Upstream is UpstreamStatus.Waiting, "bob waits");
        Assert.Equal("this silo has as many upstreams as it may", waiting.Reason);
        Assert.Equal((BreakerState.Closed, 0), (waiting.Breaker.State, waiting.Breaker.Failures));
        Assert.Equal(0, (await gateway.Backend.UserAsync("bob")).Dials);
        Assert.Equal(1, (await gateway.Backend.UserAsync("alice")).Connections);

        await first.DetachAsync("alice");
        await gateway.StateIsAsync("bob", s => s.Upstream is UpstreamStatus.Open, "bob has alice's place");
        Assert.Equal((1, 1, 1), await gateway.Backend.UserAsync("bob"));
    }
}
