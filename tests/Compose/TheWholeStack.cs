using System.Globalization;
using System.Net;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Compose.Tests;

/// <summary>
/// docker-compose.yml, driven from outside as browsers and operators drive it: users' tabs come in by the balancer, and whatever is stopped,
/// killed, paused, cut off or replaced, they get their frames or are told what they will not get.
/// </summary>
public sealed class TheWholeStack(ComposeStack stack, ITestOutputHelper output) : IClassFixture<ComposeStack>, IAsyncLifetime
{
    // More than Rebalance:MinUsers, so that silos that join get their share.
    private const int Users = 120;
    private const int TabsPerUser = 2;
    private const int OpenedAtOnce = 20;

    private readonly List<LastingTab> _tabs = [];

    public async ValueTask InitializeAsync()
    {
        if (stack.Missing is { } missing)
            Assert.Skip(missing);
        foreach (var some in Enumerable.Range(0, Users * TabsPerUser).Chunk(OpenedAtOnce))
        {
            _tabs.AddRange(await Task.WhenAll(some.Select(i =>
            {
                var user = string.Create(CultureInfo.InvariantCulture, $"compose-{i % Users}");
                var token = SignedToken.For(user, stack.SigningKey);
                return LastingTab.OpenAsync(history => HubTab.OpenAsync(stack.Address, user, history, token: token));
            })));
        }

        await AllGoOnAsync("every tab has frames");
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_tabs.Select(t => t.DisposeAsync().AsTask()));

    [Fact]
    public async Task Users_keep_one_upstream_each_and_lose_nothing_unsaid()
    {
        output.WriteLine($"up and healthy after {stack.StartTook.TotalSeconds:0} s");
        await OneUpstreamEachAsync();
        await SendAndCallAsync();
        await LosingNothingAsync();
        Assert.All(_tabs, t => Assert.Equal(0, t.NotRecovered));
        Assert.All(_tabs, t => Assert.Empty(t.History.Gaps));
        await OneUpstreamEachAsync();

        // What dies takes the logs of its users along, and they are told.
        await StepAsync("a silo is killed", () => KillAsync("silo", 2));
        Assert.All(_tabs, t => Assert.Empty(t.History.UnmarkedJumps));

        // One that hangs or is cut off still has its users' lines to the backend, whose numbers then go to two lines each.
        await StepAsync("a silo hangs", HangAsync);
        await StepAsync("a silo is cut off", CutOffAsync);
        await StepAsync("the backend is killed", () => KillAsync("backend", 1, BreakersMoveAsync));
        await stack.FindBackendAsync();
        await StepAsync("rolling recreate of the backend", () => ComposeStack.RollAsync("backend"));
        await stack.FindBackendAsync();
        Assert.All(_tabs.SelectMany(t => t.History.Gaps), g => Assert.Equal("epoch-changed", g.Reason));
        await OneUpstreamEachAsync();
        await EverythingIsMeasuredAsync();
    }

    // What is done in order, and what holds no user's log, costs nobody a frame.
    private async Task LosingNothingAsync()
    {
        await StepAsync("down to one silo", () => ComposeStack.ScaleAsync("silo", 1));
        await StepAsync("up to four silos and three fronts", async () =>
        {
            await ComposeStack.ScaleAsync("silo", 4);
            await ComposeStack.ScaleAsync("webfront", 3);
            await UsersAreSpreadAsync();
        });
        await StepAsync("back to two and two", async () =>
        {
            await ComposeStack.ScaleAsync("silo", 2);
            await ComposeStack.ScaleAsync("webfront", 2);
        });
        await StepAsync("rolling recreate of silos", () => ComposeStack.RollAsync("silo"));
        await StepAsync("rolling recreate of fronts", () => ComposeStack.RollAsync("webfront"));
        await StepAsync("rolling recreate of Redis", () => ComposeStack.RollAsync("redis"));
        await StepAsync("rolling recreate of the balancer", () => ComposeStack.RollAsync("balancer"));
        await StepAsync("Redis restarts", async () =>
        {
            await ComposeStack.ComposeAsync("restart", "redis");
            await ComposeStack.IsHealthyAsync("redis", 1);
        });
        await StepAsync("Redis is killed", () => KillAsync("redis", 1, () => AllGoOnAsync("every tab has frames without Redis")));
        await StepAsync("Redis hangs", () => PauseAsync("redis", () => AllGoOnAsync("every tab has frames while Redis hangs")));
        await StepAsync("the backend hangs for a moment", () => PauseAsync("backend", NobodyIsSentAwayAsync));
        await StepAsync("a front hangs for a moment", () => PauseAsync("webfront", NobodyIsSentAwayAsync));
        await StepAsync("a front is killed", () => KillAsync("webfront", 2));
        await StepAsync("the balancer hangs for a moment", () => PauseAsync("balancer", NobodyIsSentAwayAsync));
        await StepAsync("the balancer is killed", () => KillAsync("balancer", 1));
        Assert.All(_tabs, t => Assert.Empty(t.History.UnmarkedJumps));
    }

    private async Task UsersAreSpreadAsync()
    {
        var users = Array.Empty<double>();
        await Eventually.HoldsAsync(
            async () => (users = await ComposeStack.OnSilosAsync("connections_users")).Sum() >= Users && users.Max() - users.Min() <= 0.2 * users.Average(),
            "users are spread within 20 %", TimeSpan.FromSeconds(120), () => string.Join(", ", users));
        output.WriteLine($"users on the silos: {string.Join(", ", users)}");
    }

    // Prometheus finds every process by its service's name, and has an answer for every panel and alert.
    private async Task EverythingIsMeasuredAsync()
    {
        // The silos that took the first message have gone since, and with them what they counted.
        await SendAndCallAsync();
        var targets = Array.Empty<(string Job, string Health)>();
        await Eventually.HoldsAsync(
            async () => (targets = await stack.Prometheus.TargetsAsync()).Count(t => t.Health == "up") >= 5 && targets.All(t => t.Health == "up"),
            "Prometheus reaches two silos, two fronts and the balancer", TimeSpan.FromSeconds(60), () => string.Join(", ", targets));
        Assert.Equal(["balancer", "silo", "webfront"], targets.Select(t => t.Job).Distinct().Order());
        Assert.All(await stack.Prometheus.AlertsAsync(), a => Assert.Equal("ok", a.Health));
        var silent = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                silent = "";
                foreach (var (where, expression) in PrometheusServer.Questions("15m"))
                    silent += (await stack.Prometheus.QueryAsync(expression)).Length == 0 ? $"{where}: {expression}\n" : "";
                return silent.Length == 0;
            },
            "Prometheus has an answer for every panel and every alert", TimeSpan.FromSeconds(40), () => silent);
    }

    private static Task BreakersMoveAsync() => Eventually.HoldsAsync(
        async () => (await ComposeStack.OnSilosAsync("connections_breaker_transitions_total")).Sum() > 0, "breakers open", TimeSpan.FromSeconds(30));

    private async Task SendAndCallAsync()
    {
        await using (var tab = await HubTab.OpenAsync(stack.Address, "compose-0", token: SignedToken.For("compose-0", stack.SigningKey)))
            Assert.Equal("sent", (await tab.SendAsync($"{Guid.NewGuid():N}:1", "hello")).Status);
        using var http = new HttpClient { BaseAddress = stack.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", SignedToken.For("caller", stack.SigningKey));

        // A backend that was made anew may have another address, which fronts learn with their next look.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("/api/hello", UriKind.Relative));
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "a call under /api is answered", TimeSpan.FromSeconds(90));
    }

    private static async Task KillAsync(string service, int count, Func<Task>? meanwhile = null)
    {
        var container = (await ComposeStack.ContainersAsync(service))[0];
        await Docker.RunAsync("kill", container);
        await (meanwhile?.Invoke() ?? Task.CompletedTask);

        // Killed by hand it is not restarted by the engine: an operator, or a crash, would.
        await Docker.RunAsync("start", container);
        await ComposeStack.IsHealthyAsync(service, count);
    }

    private static async Task PauseAsync(string service, Func<Task> meanwhile, Index which = default)
    {
        var containers = await ComposeStack.ContainersAsync(service);
        var container = containers[which];
        await Docker.RunAsync("pause", container);
        await meanwhile();
        await Docker.RunAsync("unpause", container);
        await ComposeStack.IsHealthyAsync(service, containers.Length);
    }

    // Not the one that was killed before, which has no users since.
    private Task HangAsync() => PauseAsync("silo", () => AllGoOnAsync("every tab has frames while a silo hangs"), ^1);

    // Shorter than any side's patience: what waited in between comes afterwards.
    private Task NobodyIsSentAwayAsync()
    {
        var reconnects = _tabs.Sum(t => t.Reconnects);
        return Eventually.StaysAsync(() => Task.FromResult(_tabs.Sum(t => t.Reconnects) == reconnects), "every tab keeps its line", TimeSpan.FromSeconds(4));
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
                () => _tabs.Select((t, i) => t.History.Count > seen[i] + 1 && t.History.Newest?.Kind == "text").All(x => x), what, TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await ComposeStack.LogsAsync()}");
        }
    }

    private Task OneUpstreamEachAsync() => Eventually.HoldsAsync(
        async () => await stack.Backend.ConnectionsAsync() == Users, $"the backend counts {Users} connections", TimeSpan.FromSeconds(30));
}
