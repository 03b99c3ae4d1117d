using System.Net;
using Connections.Backend;
using Connections.Testing;
using Connections.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Connections.WebFront.Tests;

/// <summary>The addresses behind <c>/api</c> are looked up by name, and followed when they change.</summary>
public sealed class FollowingAddresses(SharedRedis redis)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_addresses_of_a_service_are_followed_without_a_restart()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        using var one = new BackendControl(new Uri(first.Urls.First()));
        using var two = new BackendControl(new Uri(second.Urls.First()));
        await using var gateway = await RunningGateway.StartAsync(
            redis.Server, "Development", "Api:Routes:followed:Path=/api/time", "Api:Routes:followed:Destination=http://orders");
        using var http = new HttpClient { BaseAddress = gateway.Address };

        gateway.Configure("Services:orders:http:0", one.Address.Authority);
        await Eventually.HoldsAsync(async () => await CallAsync() == HttpStatusCode.OK, "the first address is found");
        gateway.Configure("Services:orders:http:0", two.Address.Authority);
        await Eventually.HoldsAsync(async () => await CallAsync() == HttpStatusCode.OK && await two.ApiCallsAsync() > 0, "the second one is followed");
        var before = await one.ApiCallsAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync());
        Assert.Equal(before, await one.ApiCallsAsync());

        async Task<HttpStatusCode> CallAsync()
        {
            // Until the name is known its breaker may open.
            using (await http.PostAsync("/admin/breakers/followed/reset?user=alice", null, Ct))
            {
                using var response = await http.GetAsync("/api/time?user=alice", Ct);
                return response.StatusCode;
            }
        }
    }

    private static async Task<WebApplication> StartAsync()
    {
        var backend = BackendApp.Build(["--urls", "http://127.0.0.1:0", "--Backend:TickInterval", "0"], b => b.Logging.ClearProviders());
        await backend.StartAsync(Ct);
        return backend;
    }
}
