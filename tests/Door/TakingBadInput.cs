using System.Text.RegularExpressions;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>Every bad input has its answer, and none takes a process or another user down.</summary>
public sealed class TakingBadInput(TakingBadInput.Fixture fixture) : IClassFixture<TakingBadInput.Fixture>
{
    private static int _healthy;

    public static TheoryData<string> Names => [.. BadInput.All.Select(i => i.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task It_is_answered_and_everybody_else_goes_on(string name)
    {
        var input = BadInput.All.Single(i => i.Name == name);

        var answer = await input.SendAsync(new Attack(fixture.Front, fixture.Upstream));

        Assert.True(Matches(input.Answer, answer), $"{name} is answered with '{answer}', not '{input.Answer}'.");
        await fixture.IsHealthyAsync($"after {Interlocked.Increment(ref _healthy)}");
    }

    [Fact]
    public void There_are_at_least_60_and_each_has_its_own_name()
    {
        Assert.True(BadInput.All.Count >= 60);
        Assert.Equal(BadInput.All.Count, BadInput.All.DistinctBy(i => i.Name).Count());
    }

    // An ellipsis stands for what a runtime words as it likes.
    private static bool Matches(string expected, string answer) =>
        Regex.IsMatch(answer, $"^{Regex.Escape(expected).Replace("…", ".*", StringComparison.Ordinal).Replace(".*\\ ", ".*", StringComparison.Ordinal).Replace("\\ .*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline);

    /// <summary>A gateway, a backend that lies to some, and a user of good will with a tab that must never notice.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private const string User = "alice";

        private GatewayCluster _cluster = null!;
        private HubTab _tab = null!;

        internal LyingBackend Upstream { get; } = new();

        public Uri Front => _cluster.Fronts[0].Address;

        public async ValueTask InitializeAsync()
        {
            _cluster = new GatewayCluster(
                siloSettings: [$"Upstream:Url={Upstream.Upstream}", "Upstream:MaxMessageBytes=100000"],
                backendSettings: ["--Backend:TickInterval=0"],
                frontSettings: ["Front:MaxMessageBytes=100000"]);
            await _cluster.StartAsync(silos: 1, fronts: 1);
            Upstream.Honest = _cluster.Backend.Address;
            _tab = await HubTab.OpenAsync(Front, User);
            await Eventually.HoldsAsync(async () => (await _cluster.Backend.UserAsync(User)).Connections == 1, "the upstream is open");
        }

        public async Task IsHealthyAsync(string text)
        {
            await _cluster.Backend.PushAsync(User, text);
            await Eventually.HoldsAsync(() => _tab.History.Frames.Any(f => f.Text == text), "the healthy user's tab gets its frame", TimeSpan.FromSeconds(5), _cluster.Output);
            Assert.False(_tab.Closed.IsCompleted);
            Assert.Empty(_tab.History.Gaps);
            Assert.Single(_tab.History.Frames, f => f.Kind == "upstream-opened");
            Assert.All(_cluster.Fronts.Select(f => f.Process).Concat(_cluster.Silos.Select(s => s.Process)), p => Assert.False(p.HasExited, p.Output));
        }

        public async ValueTask DisposeAsync()
        {
            await _tab.DisposeAsync();
            await _cluster.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
