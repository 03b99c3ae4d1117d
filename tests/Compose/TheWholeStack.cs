using System.Globalization;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.Compose.Tests;

/// <summary>
/// docker-compose.yml, driven from outside as browsers and operators drive it: users' tabs come in by the balancer, and whatever is stopped,
/// killed, paused, cut off or replaced, they get their frames or are told what they will not get.
/// </summary>
public sealed class TheWholeStack(ComposeStack stack, ITestOutputHelper output) : IClassFixture<ComposeStack>, IAsyncLifetime
{
    private const int Users = 20;
    private const int TabsPerUser = 3;

    private readonly List<LastingTab> _tabs = [];

    public async ValueTask InitializeAsync()
    {
        if (stack.Missing is { } missing)
            Assert.Skip(missing);
        for (var i = 0; i < Users * TabsPerUser; i++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"compose-{i % Users}");
            var token = SignedToken.For(user, stack.SigningKey);
            _tabs.Add(await LastingTab.OpenAsync(history => HubTab.OpenAsync(stack.Address, user, history, token: token)));
        }

        await AllGoOnAsync("every tab has frames");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tab in _tabs)
            await tab.DisposeAsync();
    }

    [Fact]
    public async Task Users_keep_one_upstream_each_and_lose_nothing_unsaid()
    {
        output.WriteLine($"up and healthy after {stack.StartTook.TotalSeconds:0} s");
        await OneUpstreamEachAsync();

        // What is done in order loses nothing.
        await StepAsync("scale up", async () =>
        {
            await ComposeStack.ScaleAsync("silo", 3);
            await ComposeStack.ScaleAsync("webfront", 3);
        });
        await StepAsync("rolling recreate of silos", () => ComposeStack.RollAsync("silo"));
        await StepAsync("rolling recreate of fronts", () => ComposeStack.RollAsync("webfront"));
        await StepAsync("scale down", async () =>
        {
            await ComposeStack.ScaleAsync("webfront", 2);
            await ComposeStack.ScaleAsync("silo", 2);
        });
        await StepAsync("Redis restarts", async () =>
        {
            await ComposeStack.ComposeAsync("restart", "redis");
            await ComposeStack.IsHealthyAsync("redis", 1);
        });
        await StepAsync("a front is killed", () => KillAsync("webfront"));
        Assert.All(_tabs, t => Assert.Equal(0, t.NotRecovered));
        Assert.All(_tabs, t => Assert.Empty(t.History.Gaps));

        // What dies takes the logs of its users along, and they are told.
        await StepAsync("a silo is killed", () => KillAsync("silo"));
        await StepAsync("a silo hangs", () => PauseAsync("silo"));
        await StepAsync("a silo is cut off", CutOffAsync);
        await StepAsync("the backend is killed", () => KillAsync("backend", 1));
        await stack.FindBackendAsync();
        await StepAsync("the balancer is killed", () => KillAsync("balancer", 1));
        Assert.All(_tabs.SelectMany(t => t.History.Gaps), g => Assert.Equal("epoch-changed", g.Reason));
        await OneUpstreamEachAsync();
    }

    private static async Task KillAsync(string service, int count = 2)
    {
        var container = (await ComposeStack.ContainersAsync(service))[0];
        await Docker.RunAsync("kill", container);

        // Killed by hand it is not restarted by the engine: an operator, or a crash, would.
        await Docker.RunAsync("start", container);
        await ComposeStack.IsHealthyAsync(service, count);
    }

    // Not the one that was killed before, which has no users since.
    private async Task PauseAsync(string service)
    {
        var container = (await ComposeStack.ContainersAsync(service))[^1];
        await Docker.RunAsync("pause", container);
        await AllGoOnAsync("every tab has frames while a container hangs");
        await Docker.RunAsync("unpause", container);
        await ComposeStack.IsHealthyAsync(service, 2);
    }

    private async Task CutOffAsync()
    {
        var container = (await ComposeStack.ContainersAsync("silo"))[0];
        await Docker.RunAsync("network", "disconnect", "connections-test_cluster", container);
        await AllGoOnAsync("every tab has frames while a silo is cut off");
        await Docker.RunAsync("network", "connect", "--alias", "silo", "--alias", "silo-cluster", "connections-test_cluster", container);
        await Docker.RunAsync("restart", container);
        await ComposeStack.IsHealthyAsync("silo", 2);
    }

    private async Task StepAsync(string what, Func<Task> step)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (reconnects, gaps) = (_tabs.Sum(t => t.Reconnects), _tabs.Sum(t => t.History.Gaps.Count));
        await step();
        await AllGoOnAsync($"every tab has frames after: {what}");
        output.WriteLine($"{what}: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s, "
            + $"{_tabs.Sum(t => t.Reconnects) - reconnects} tabs came back, {_tabs.Sum(t => t.History.Gaps.Count) - gaps} gaps told");
        Assert.All(_tabs, t => Assert.Empty(t.History.Violations));
    }

    private async Task AllGoOnAsync(string what)
    {
        var seen = _tabs.Select(t => t.History.Count).ToArray();
        try
        {
            await Eventually.HoldsAsync(
                () => _tabs.Select((t, i) => t.History.Count > seen[i] + 1 && t.History.Frames[^1].Kind == "text").All(x => x), what, TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await ComposeStack.LogsAsync()}");
        }
    }

    private Task OneUpstreamEachAsync() => Eventually.HoldsAsync(
        async () => await stack.Backend.ConnectionsAsync() == Users, $"the backend counts {Users} connections", TimeSpan.FromSeconds(30));
}
