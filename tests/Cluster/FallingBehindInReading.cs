using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>Who reads the logs may fall behind, or stop: what is logged about goes on.</summary>
[Collection(nameof(Alone))]
public sealed class FallingBehindInReading : IAsyncDisposable
{
    private static readonly string[] Loud =
        [.. new[] { "Default", "Connections", "Microsoft", "Microsoft.AspNetCore", "Orleans" }.Select(c => $"Logging:LogLevel:{c}=Trace")];

    private readonly ManualResetEventSlim _reads = new();
    private readonly GatewayCluster _cluster;

    public FallingBehindInReading() => _cluster = new(siloSettings: Loud, frontSettings: Loud, heard: _ => _reads.Wait());

    public async ValueTask DisposeAsync()
    {
        _reads.Set();
        await _cluster.DisposeAsync();
        _reads.Dispose();
    }

    [Fact]
    public async Task Processes_whose_talkative_logs_nobody_reads_serve_their_tabs()
    {
        await _cluster.StartAsync(silos: 1, fronts: 1);
        await using var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, "dora");
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open");
        for (var i = 1; i <= 500; i++)
            Assert.Equal("sent", (await tab.SendAsync($"tab-1:{i}", "hello")).Status);
        await Eventually.HoldsAsync(
            () => tab.History.Frames.Count(f => f.Text?.Contains("\"data\":\"hello\"", StringComparison.Ordinal) == true) == 500, "all echoes are there");
    }
}
