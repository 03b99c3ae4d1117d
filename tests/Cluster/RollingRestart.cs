using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Cluster.Tests;

/// <summary>An upgrade: every silo and every front is stopped in order and replaced, one after the other, under load.</summary>
/// <remarks>CLUSTER_USERS sets how many users there are, with three tabs and two frames a second each; 200 by default, 500 for the figures in the docs.</remarks>
[Collection(nameof(Alone))]
public sealed class RollingRestart(ITestOutputHelper output)
{
    private const int TabsPerUser = 3;
    private const int DialsPerSecond = 200;

    private static readonly int Users = int.Parse(Environment.GetEnvironmentVariable("CLUSTER_USERS") ?? "200", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Replacing_every_silo_and_front_under_load_loses_nothing_that_no_marker_tells()
    {
        await using var cluster = Cluster();
        await cluster.StartAsync();
        await using var tabs = await ManyTabs.OpenAsync(cluster, "rolling", Users, TabsPerUser);
        await cluster.Backend.ResetAsync();

        foreach (var silo in cluster.Silos.ToArray())
        {
            Assert.Equal(0, await silo.Process.TerminateAsync(TimeSpan.FromSeconds(40)));
            await cluster.StartSiloAsync();
            await tabs.AllGoOnAsync(cluster, "every tab has frames after a silo was replaced");
        }

        foreach (var front in cluster.Fronts.ToArray())
        {
            Assert.Equal(0, await front.Process.TerminateAsync(TimeSpan.FromSeconds(20)));
            await cluster.StartFrontAsync();
            await tabs.AllGoOnAsync(cluster, "every tab has frames after a front was replaced");
        }

        var dials = await cluster.Backend.DialWindowsAsync();
        var frames = tabs.All.Sum(t => t.History.Count);
        output.WriteLine($"{Users} users x {TabsPerUser} tabs: {frames} frames to tabs, {tabs.All.Sum(t => t.Reconnects)} tabs came back, "
            + $"{dials.Total} dials, at most {dials.MostInASecond} in any second (budget {DialsPerSecond})");
        await WriteSizesAsync(cluster);
        Assert.Empty(tabs.Faults());
        Assert.InRange(dials.MostInASecond, 1, DialsPerSecond);
        await Eventually.HoldsAsync(async () => await cluster.Backend.ConnectionsAsync() == Users, "one upstream for each user", seen: cluster.Output);
    }

    [Fact]
    public async Task From_one_silo_to_four_users_spread_within_20_percent_and_back_with_nothing_lost()
    {
        await using var cluster = Cluster();
        await cluster.StartAsync(silos: 1);
        await using var tabs = await ManyTabs.OpenAsync(cluster, "scaling", Users, 1);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.StartSiloAsync()));
        var users = Array.Empty<double>();
        await Eventually.HoldsAsync(
            async () =>
            {
                users = await Task.WhenAll(cluster.Silos.Select(async s => (await s.MetricsAsync()).Sum("connections_users")));
                return users.Sum() >= Users && users.Max() - users.Min() <= 0.2 * users.Average();
            },
            "users are spread within 20 %",
            TimeSpan.FromSeconds(60),
            () => $"{string.Join(", ", users)}\n{cluster.Output()}");
        output.WriteLine($"users on the silos: {string.Join(", ", users)}");
        await tabs.AllGoOnAsync(cluster, "every tab has frames on four silos");

        // Together, as an orchestrator stops them: none must hand its users to another one that leaves.
        var codes = await Task.WhenAll(cluster.Silos.Skip(1).Select(s => s.Process.TerminateAsync(TimeSpan.FromSeconds(40))));
        Assert.All(codes, c => Assert.Equal(0, c));
        await tabs.AllGoOnAsync(cluster, "every tab has frames on one silo again");
        Assert.Empty(tabs.Faults());
        await Eventually.HoldsAsync(async () => await cluster.Backend.ConnectionsAsync() == Users, "one upstream for each user", seen: cluster.Output);
    }

    // For the sizing table in docs/operations.md.
    private async Task WriteSizesAsync(GatewayCluster cluster)
    {
        foreach (var (process, metrics) in cluster.Silos.Where(s => !s.Process.HasExited).Select(s => (s.Process, s.MetricsAsync()))
            .Concat(cluster.Fronts.Where(f => !f.Process.HasExited).Select(f => (f.Process, f.MetricsAsync()))))
        {
            var figures = await metrics;
            output.WriteLine($"{process.Name}: {figures.Sum("connections_users"):0} users, {figures.Sum("connections_tabs"):0} tabs, "
                + $"{figures.Sum("dotnet_process_memory_working_set_bytes") / (1 << 20):0} MiB, {figures.Sum("dotnet_process_cpu_time_seconds_total"):0.0} s CPU");
        }
    }

    private static GatewayCluster Cluster() => new(
        siloSettings: [$"Upstream:DialsPerSecond={DialsPerSecond}"], backendSettings: ["--Backend:TickInterval=00:00:00.500"]);
}
