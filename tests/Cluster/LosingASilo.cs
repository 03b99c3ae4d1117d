using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>What users see when the silo that owns their connection goes, by a crash or in order.</summary>
/// <remarks>CLUSTER_TRIALS sets how often a silo is killed; 5 by default, 20 for the figure in the docs.</remarks>
[Collection(nameof(Alone))]
public sealed class LosingASilo(ClusterFixture fixture, ITestOutputHelper output) : IClassFixture<ClusterFixture>
{
    private const int Users = 12;

    private static readonly int Trials =
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_TRIALS") ?? "5", CultureInfo.InvariantCulture);

    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_killed_silos_users_are_back_within_5_s_and_no_other_user_is_touched()
    {
        var recoveries = new List<TimeSpan>();
        for (var trial = 0; trial < Trials; trial++)
            recoveries.AddRange(await KillOneAsync(trial));

        recoveries.Sort();
        var p99 = recoveries[Math.Min(recoveries.Count - 1, (int)Math.Ceiling(recoveries.Count * 0.99) - 1)];
        output.WriteLine($"{Trials} silo kills, {recoveries.Count} users lost their owner; back after: " +
            $"median {recoveries[recoveries.Count / 2].TotalSeconds:0.00} s, p99 {p99.TotalSeconds:0.00} s, longest {recoveries[^1].TotalSeconds:0.00} s");
        Assert.InRange(p99, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_hands_its_users_over_within_1_s_in_the_same_epoch()
    {
        await using var tabs = await OpenAsync("handover");
        var leaving = await BusiestSiloAsync();
        var epochs = tabs.All.Select(t => t.History.Position!.Split('-')[0]).ToArray();

        leaving.Process.Terminate();
        await Eventually.HoldsAsync(() => leaving.Process.HasExited, "the silo has stopped", TimeSpan.FromSeconds(30), () => leaving.Process.Output);
        Assert.Equal(0, leaving.Process.ExitCode);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        await _cluster.StartSiloAsync();

        // Who moved has a marker of the old owner's close, and then one of the new owner's open.
        var outages = tabs.All.Select(t => t.History.Frames).Where(f => f.Any(x => x.Kind == "upstream-closed")).Select(LongestOutage).ToArray();
        Assert.NotEmpty(outages);
        output.WriteLine($"{outages.Length} of {Users} users moved; longest without upstream: {outages.Max().TotalMilliseconds:0} ms");
        Assert.InRange(outages.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.All(tabs.All, t => Assert.Empty(t.History.Gaps));
        Assert.All(tabs.All, t => Assert.Empty(t.History.Violations));
        Assert.Equal(epochs, tabs.All.Select(t => t.History.Position!.Split('-')[0]));
    }

    [Fact]
    public async Task A_tab_that_changes_its_front_while_its_user_moves_misses_nothing()
    {
        var tabs = await Task.WhenAll(Enumerable.Range(0, Users).Select(i => HubTab.OpenAsync(
            _cluster.Fronts[0].Address, string.Create(CultureInfo.InvariantCulture, $"moving-{i}"))));
        await Eventually.HoldsAsync(() => tabs.All(t => t.History.Count > 3), "every tab has frames", seen: _cluster.Output);

        // Gone before their users move, back after it: only the new owner can know what they missed.
        foreach (var tab in tabs)
            await tab.DisposeAsync();
        Assert.Equal(0, await (await BusiestSiloAsync()).Process.TerminateAsync());
        var resumed = await Task.WhenAll(tabs.Select(t => HubTab.OpenAsync(_cluster.Fronts[1].Address, t.Opened.User, t.History)));
        await _cluster.StartSiloAsync();

        await Eventually.HoldsAsync(() => resumed.All(t => t.History.Count > 15), "every tab goes on", seen: _cluster.Output);
        Assert.All(resumed, t => Assert.True(t.Opened.Recovered));
        Assert.All(resumed, t => Assert.Empty(t.History.Gaps));
        Assert.All(resumed, t => Assert.Empty(t.History.Violations));
        foreach (var tab in resumed)
            await tab.DisposeAsync();
    }

    private async Task<List<TimeSpan>> KillOneAsync(int trial)
    {
        await using var tabs = await OpenAsync(string.Create(CultureInfo.InvariantCulture, $"kill-{trial}"));
        await _cluster.Backend.ResetAsync();
        var seen = tabs.All.ToDictionary(t => t, t => t.History.Count);
        var epochs = tabs.All.ToDictionary(t => t, t => t.History.Position!.Split('-')[0]);

        var doomed = await BusiestSiloAsync();
        await doomed.Process.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await tabs.ConnectedUpstreamsAsync(_cluster) < Users, "the killed silo's upstreams are closed", seen: _cluster.Output);
        var lost = Users - await tabs.ConnectedUpstreamsAsync(_cluster);

        var back = new Dictionary<HubTab, TimeSpan>();
        await Eventually.HoldsAsync(
            () =>
            {
                foreach (var tab in tabs.All.Where(t => !back.ContainsKey(t) && t.History.Gaps.Count > 0 && HasMessageAfterGap(t, epochs[t])))
                    back[tab] = TimeProvider.System.GetElapsedTime(killed);
                return back.Count == lost;
            },
            $"all {lost} users of the killed silo have frames again",
            TimeSpan.FromSeconds(30),
            () => $"{back.Count} are back\n{_cluster.Output()}");

        // Who lost no owner may have lost the gateway that its front heard it by, and is back a little later.
        await Eventually.HoldsAsync(() => tabs.All.All(t => t.History.Count > seen[t]), "every user has new frames", seen: _cluster.Output);
        foreach (var tab in tabs.All)
        {
            Assert.Empty(tab.History.Violations);
            Assert.Equal(back.ContainsKey(tab) ? ["epoch-changed"] : Array.Empty<string>(), tab.History.Gaps.Select(g => g.Reason));
            Assert.Equal(back.ContainsKey(tab) ? 1 : 0, (await _cluster.Backend.UserAsync(tab.Opened.User)).Dials);
        }

        await _cluster.StartSiloAsync();
        return [.. back.Values];
    }

    // One that has users: where they are placed is up to the cluster.
    private async Task<SiloProcess> BusiestSiloAsync()
    {
        var users = await Task.WhenAll(_cluster.Silos.Where(s => !s.Process.HasExited)
            .Select(async s => (Silo: s, Count: (await s.MetricsAsync()).Sum("connections_users"))));
        return users.MaxBy(u => u.Count).Silo;
    }

    private async Task<UserTabs> OpenAsync(string prefix)
    {
        var tabs = await UserTabs.OpenAsync(_cluster, prefix, Users);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        return tabs;
    }

    private static bool HasMessageAfterGap(HubTab tab, string oldEpoch) =>
        !tab.History.Position!.StartsWith(oldEpoch, StringComparison.Ordinal) && tab.History.Frames[^1].Kind == "text";

    private static TimeSpan LongestOutage(IReadOnlyList<TabFrame> frames)
    {
        var closed = frames.Last(f => f.Kind == "upstream-closed");
        var opened = frames.Last(f => f.Kind == "upstream-opened");
        return TimeSpan.FromMilliseconds(opened.At - closed.At);
    }
}
