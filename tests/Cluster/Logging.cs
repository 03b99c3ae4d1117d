using System.Net;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>JSON logs: one object a line, and one id for what a request leads to on its front and on the silo.</summary>
public sealed class Logging : IAsyncLifetime
{
    private const string User = "logged-user";

    private readonly GatewayCluster _cluster = new(siloSettings: ["Telemetry:JsonLogs=true"], frontSettings: ["Telemetry:JsonLogs=true"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(silos: 1, fronts: 1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task One_trace_id_joins_the_lines_of_a_front_and_of_the_silo_that_it_asked()
    {
        await using var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, User);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open", seen: _cluster.Output);
        using var http = new HttpClient();
        using (var held = await http.PostAsync(new Uri(_cluster.Fronts[0].Address, $"/admin/users/{User}/breaker/force-open?user=operator"), null))
            Assert.Equal(HttpStatusCode.OK, held.StatusCode);

        string? asked = null, done = null;
        await Eventually.HoldsAsync(
            () => (asked = TraceIdOf(_cluster.Fronts[0].Process, "Admin:")) is not null && (done = TraceIdOf(_cluster.Silos[0].Process, $"Breaker of {User}")) is not null,
            "both have written it with a trace id", seen: _cluster.Output);
        Assert.Equal(asked, done);
    }

    private static string? TraceIdOf(ChildProcess process, string message)
    {
        foreach (var line in process.Output.Split('\n').Where(l => l.Contains(message, StringComparison.Ordinal)))
        {
            var entry = JsonDocument.Parse(line).RootElement;
            foreach (var scope in entry.GetProperty("Scopes").EnumerateArray())
            {
                if (scope.ValueKind is JsonValueKind.Object && scope.TryGetProperty("TraceId", out var id))
                    return id.GetString();
            }
        }

        return null;
    }
}
