using System.Net;
using Connections.Testing;

namespace Connections.Door.Tests;

/// <summary>A revocation is stored before it is one, and outlives the processes that knew it.</summary>
public sealed class KeepingRevocations(ClosedCluster fixture) : IClassFixture<ClosedCluster>
{
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_revocation_outlives_its_front_and_its_silo()
    {
        const string User = "kept";
        var token = ClosedCluster.IssuedBefore(User);
        await fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{User}/revoke");

        var front = await fixture.Cluster.StartFrontAsync();
        await Eventually.HoldsAsync(async () => await ClosedCluster.StatusAsync(front.Address, token) == HttpStatusCode.Unauthorized, "a new front knows", Goal);
        await front.Process.TerminateAsync();

        await fixture.Cluster.Silos[^1].Process.KillAsync();
        await fixture.Cluster.StartSiloAsync();
        await Eventually.HoldsAsync(
            async () => await fixture.TryAdminAsync("/admin/revocations") is { } list && list.EnumerateArray().Any(r => r.GetProperty("user").GetString() == User),
            "the next silo knows",
            TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(async () => await fixture.TryAdminAsync("/admin/fronts") is { } list && list.GetArrayLength() == 2, "the fronts are known again", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_revocation_that_the_store_did_not_take_is_not_said_to_be_one()
    {
        const string User = "not-kept";
        var token = ClosedCluster.IssuedBefore(User);
        await fixture.Cluster.Redis.StopAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{User}/revoke"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await fixture.Cluster.Redis.StartAsync();

        await Eventually.HoldsAsync(async () => await fixture.TryAdminAsync("/admin/revocations") is not null, "the list can be read again", TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, await ClosedCluster.StatusAsync(fixture.First, token));
        await fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{User}/revoke");
        Assert.Equal(HttpStatusCode.Unauthorized, await ClosedCluster.StatusAsync(fixture.First, token));
    }
}
