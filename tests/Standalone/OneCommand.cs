using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Standalone.Tests;

/// <summary>What a newcomer gets from one command.</summary>
public sealed class OneCommand(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("connections-standalone-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task It_is_ready_within_15_s_says_where_to_look_and_stops_on_ctrl_c_within_5_s()
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var standalone = await StandaloneProcess.StartAsync(_data.FullName);
        var ready = TimeProvider.System.GetElapsedTime(started);
        await Eventually.HoldsAsync(
            () => standalone.Process.Output.Contains($"{standalone.Address}?user=alice", StringComparison.Ordinal)
                && standalone.Process.Output.Contains($"{standalone.Address}orleans", StringComparison.Ordinal),
            "it prints where to look",
            seen: () => standalone.Process.Output);
        await using var tab = await HubTab.OpenAsync(standalone.Address, "alice");
        await Eventually.HoldsAsync(() => tab.History.Count > 1, "frames come", seen: () => standalone.Process.Output);

        var asked = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await standalone.Process.InterruptAsync());
        var stopped = TimeProvider.System.GetElapsedTime(asked);
        await tab.Closed;
        output.WriteLine($"ready after {ready.TotalSeconds:0.0} s, stopped after {stopped.TotalSeconds:0.0} s");
        Assert.InRange(ready, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.InRange(stopped, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal("going-away", tab.Closing?.Reason);
    }

    [Fact]
    public async Task Two_tabs_see_the_same_frames_over_one_upstream_and_what_one_sends_both_see()
    {
        await using var standalone = await StandaloneProcess.StartAsync(_data.FullName);
        await using var first = await HubTab.OpenAsync(standalone.Address, "bob");
        await using var second = await HubTab.OpenAsync(standalone.Address, "bob", messagePack: true);
        await Eventually.HoldsAsync(() => first.State is { Upstream: "open", Tabs: 2 }, "the upstream is open", seen: () => standalone.Process.Output);

        Assert.Equal("sent", (await first.SendAsync("tab-1:1", "hello")).Status);
        await Eventually.HoldsAsync(
            () => new[] { first, second }.All(t => t.History.Frames.Any(f => f.Text?.Contains("\"data\":\"hello\"", StringComparison.Ordinal) == true)),
            "both have the echo",
            seen: () => standalone.Process.Output);
        Assert.Equal((1, 1, 1), await standalone.Backend.UserAsync("bob"));
        Assert.Equal(["hello"], await standalone.Backend.ReceivedAsync("bob"));
    }

    [Fact]
    public async Task An_open_breaker_and_the_generation_survive_a_kill()
    {
        long generation;
        await using (var standalone = await StandaloneProcess.StartAsync(_data.FullName))
        {
            await standalone.Backend.FaultAsync(new { mode = "refuse", status = 503 });
            await using var tab = await HubTab.OpenAsync(standalone.Address, "carol");
            await Eventually.HoldsAsync(() => tab.State?.Breaker.State == "open", "the breaker opens", seen: () => standalone.Process.Output);
            generation = (await tab.AskStateAsync()).Generation;

            // Tabs are told at once; the store a moment later.
            await Eventually.HoldsAsync(
                async () => (await PrometheusFigures.ReadAsync(standalone.Address)).Sum("connections_store_writes_total") > 0, "the open breaker is stored");
            await standalone.Process.KillAsync();
        }

        await using (var standalone = await StandaloneProcess.StartAsync(_data.FullName))
        {
            await using var tab = await HubTab.OpenAsync(standalone.Address, "carol");
            var state = await tab.AskStateAsync();
            Assert.Equal("open", state.Breaker.State);
            Assert.Equal(generation + 1, state.Generation);
        }
    }

    [Fact]
    public async Task The_page_and_the_dashboard_answer()
    {
        await using var standalone = await StandaloneProcess.StartAsync(_data.FullName);
        using var http = new HttpClient { BaseAddress = standalone.Address };
        Assert.Contains("<html", await http.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<html", await http.GetStringAsync("/orleans/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(standalone.Backend.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), await http.GetStringAsync("/sample-backend"), StringComparison.Ordinal);
    }
}
