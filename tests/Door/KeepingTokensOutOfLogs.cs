using System.Collections.Concurrent;
using System.Net.Http.Json;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;
using Connections.WebFront.Tests;

namespace Connections.Door.Tests;

/// <summary>With every logger at its most talkative, no token stands in what any process writes: whoever looks for a fault turns exactly that on.</summary>
public sealed class KeepingTokensOutOfLogs
{
    private static readonly string[] Loud =
        [.. new[] { "Default", "Connections", "Microsoft", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Diagnostics", "Orleans", "Yarp", "System", "GraphQL" }
            .Select(c => $"Logging:LogLevel:{c}=Trace"), "Logging:Console:QueueFullMode=Wait"];

    [Fact]
    public async Task No_token_stands_in_the_output_of_any_process_as_text_or_as_JSON()
    {
        var (lines, hits) = (0, new ConcurrentQueue<string>());
        var (good, bad) = (Tokens.For("alice"), Tokens.For("alice", key: "another key that is as long as it must be"));
        var (expired, admin) = (Tokens.For("alice", TimeSpan.FromHours(-1)), Tokens.For("alice", claims: ("role", "admin")));
        var opaque = $"opaque-{Guid.NewGuid():N}";

        // A signature may be cut off where a line is; the payload alone would do for whoever has seen another one.
        string[] secrets = [.. new[] { good, bad, expired, admin }.SelectMany(t => t.Split('.')[1..]), opaque];
        string[] settings = [.. Loud, $"Auth:SigningKey={Tokens.Key}", "Front:RelayTokens=true"];
        await using var cluster = new GatewayCluster(
            siloSettings: Loud,
            frontSettings: settings,
            frontEnvironment: "Production",
            heard: Hear);
        await cluster.StartAsync(silos: 1, fronts: 1);
        var inJson = FrontProcess.Start("front in JSON", cluster.Redis.ConnectionString, [.. settings, "Telemetry:JsonLogs=true"], "Production", Hear);
        await using var _ = inJson.Process;
        await inJson.IsReadyAsync();
        foreach (var front in (Uri[])[cluster.Fronts[0].Address, inJson.Address])
            await UseEveryWayInAsync(front, good, bad, expired, admin, opaque);

        await Eventually.HoldsAsync(() => lines > 1_000, "the processes are talkative", seen: () => $"{lines} lines");
        await cluster.Fronts[0].Process.TerminateAsync();
        await inJson.Process.TerminateAsync();
        Assert.Empty(hits);

        void Hear(string line)
        {
            Interlocked.Increment(ref lines);
            if (secrets.Any(s => line.Contains(s, StringComparison.Ordinal)) || line.Contains(Tokens.Key, StringComparison.Ordinal))
                hits.Enqueue(line);
        }
    }

    private static async Task UseEveryWayInAsync(Uri front, string good, string bad, string expired, string admin, string opaque)
    {
        await using var hub = await HubTab.OpenAsync(front, "", token: good, skipNegotiation: false);
        await using var skipping = await HubTab.OpenAsync(front, "", token: good, messagePack: true);
        await hub.InvokeAsync<object?>("Renew", admin);
        await Assert.ThrowsAnyAsync<Exception>(() => hub.InvokeAsync<object?>("Renew", bad));
        await hub.SendAsync("c:1", "hello");
        using var verbatim = await RawTab.ConnectAsync(front, $"access_token={good}");
        using var raw = await RawTab.ConnectAsync(front, $"access_token={good}", RawTab.Envelopes);
        await raw.SendAsync("""{"type":"open"}""");
        await raw.SendAsync($$"""{"type":"renew","token":"{{good}}"}""");
        await raw.NextAsync("renewed");
        await using var stream = await EventTab.OpenAsync(front, $"access_token={good}");
        using var graph = await GraphQLTab.InitAsync(front, $"access_token={good}");
        await graph.SubscribeAsync("1", $$"""mutation { renew(token: "{{good}}") }""");
        await graph.NextAsync("next");
        foreach (var token in (string[])[good, bad, expired, admin, opaque])
            await AskAsync(front, token);
    }

    private static async Task AskAsync(Uri front, string token)
    {
        foreach (var inTheAddress in (bool[])[true, false])
        {
            using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = front };
            if (!inTheAddress)
                http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            var query = inTheAddress ? $"?access_token={token}" : "";
            foreach (var path in (string[])["/connection", "/breakers", "/api/hello", "/admin/fronts", "/monitor/", "/orleans/", "/graphql/schema", "/hubs/connection"])
                (await http.GetAsync($"{path}{query}")).Dispose();
            (await http.PostAsJsonAsync($"/messages{query}", new { id = "c:1", text = "x" })).Dispose();
            (await http.PostAsJsonAsync($"/graphql{query}", new { query = "{ connection { upstream } }" })).Dispose();
            (await http.GetAsync($"/api/%%{query}")).Dispose();
        }

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = true, CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = front };
        using var form = new FormUrlEncodedContent([new("token", token), new("to", "/monitor/")]);
        (await browser.PostAsync("/login", form)).Dispose();
        (await browser.GetAsync("/monitor/")).Dispose();
    }
}
