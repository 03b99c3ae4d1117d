using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Clusters that use one Redis are told apart by their names.</summary>
public sealed class SharingARedis(SharedRedis redis)
{
    [Fact]
    public async Task Two_clusters_may_have_users_of_the_same_name()
    {
        var user = RunningGateway.NewUser();
        await using var one = await RunningGateway.StartAsync(redis.Server);
        await using var two = await RunningGateway.StartAsync(redis.Server);
        await using var here = await HubTab.OpenAsync(one.Address, user);
        await one.IsOpenAsync(user);

        await using var there = await HubTab.OpenAsync(two.Address, user);
        await two.IsOpenAsync(user);

        Assert.Equal((1, 1), (here.State!.Generation, there.State!.Generation));
        Assert.NotEqual(here.Opened!.Position, there.Opened!.Position);
        Assert.Equal(1, (await one.Backend.UserAsync(user)).Connections);
    }
}
