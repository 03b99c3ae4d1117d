using Connections.Testing;
using Connections.Testing.Lines;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>One user through every way in at once, with clients that are not ours, before and after a cut.</summary>
public sealed class EveryWayIn(ITestOutputHelper output) : IAsyncLifetime
{
    private const string User = "everywhere";

    private static readonly string[] Scripts = ["signalr.mjs", "envelopes.mjs", "events.mjs", "graphql.mjs"];

    private readonly GatewayCluster _cluster = new(backendSettings: ["--Backend:TickInterval=0"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Six_clients_see_the_same_frames_in_the_same_order_and_resume_on_another_front_with_nothing_missing()
    {
        var (here, there) = (_cluster.Fronts[0].Address, _cluster.Fronts[1].Address);
        await using var line = new Line(here);
        await using var plainLine = new Line(here);
        var nodes = Scripts.Select(s => NodeTab.Start(s, line.Address, User)).ToArray();
        await using var verbatim = NodeTab.Start("verbatim.mjs", plainLine.Address, User);
        await using var curl = CurlTab.Start(line.Address, User);
        var packed = new TabHistory();
        var packedTab = await HubTab.OpenAsync(line.Address, User, packed, messagePack: true);
        await ComeAsync(1);
        await Eventually.HoldsAsync(async () => (await packedTab.AskStateAsync()) is { Tabs: 7, Upstream: "open" }, "seven tabs of one user", TimeSpan.FromSeconds(30), Seen);
        await Eventually.HoldsAsync(
            async () => await _cluster.Backend.UserAsync(User) == (1, 1, 1), "one upstream, by the backend's count", seen: Seen);

        await PushAsync(1, 20);
        await SeeAsync(20);

        // A verbatim socket has no position: it is laid to the other front while nothing comes.
        plainLine.Cut();
        plainLine.Lay(there);
        await Eventually.HoldsAsync(() => verbatim.Opened == 2, "the verbatim tab is back", TimeSpan.FromSeconds(30), Seen);
        await Eventually.HoldsAsync(async () => (await packedTab.AskStateAsync()).Fronts == 2, "it is there, the others are here", seen: Seen);

        line.Cut();
        await packedTab.DisposeAsync();
        await Eventually.HoldsAsync(() => curl.HasExited, "curl has ended", seen: Seen);
        await PushAsync(21, 20);
        line.Lay(there);
        await curl.RestartAsync();
        packedTab = await HubTab.OpenAsync(line.Address, User, packed, messagePack: true);
        await ComeAsync(2);
        await PushAsync(41, 20);
        await SeeAsync(60);

        Assert.Equal((1, 1, 1), await _cluster.Backend.UserAsync(User));
        var expected = Enumerable.Range(1, 60).Select(i => $"message {i}").ToArray();
        Assert.All(Texts(), texts => Assert.Equal(expected, texts));
        var histories = nodes.Select(n => n.History).Append(curl.History).Append(packed).ToArray();
        Assert.All(histories, h => Assert.Empty(h.Violations));
        Assert.All(histories, h => Assert.Empty(h.Gaps));
        var offsets = histories.Select(h => h.Frames.Where(f => f.Kind == "text").Select(f => (f.Offset, f.Text)).ToArray()).ToArray();
        Assert.All(offsets, o => Assert.Equal(offsets[0], o));
        output.WriteLine($"seven tabs through six forms, 60 frames each, one upstream and one dial; {Scripts.Length + 2} resumed on the other front");
        await packedTab.DisposeAsync();
        foreach (var node in nodes)
            await node.DisposeAsync();

        string[][] Texts() =>
        [
            .. nodes.Select(n => n.Texts.ToArray()), verbatim.Texts.ToArray(), curl.Texts.ToArray(),
            packed.Frames.Where(f => f.Kind == "text").Select(f => f.Text!).ToArray(),
        ];

        Task ComeAsync(int times) => Eventually.HoldsAsync(
            () => nodes.All(n => n.Opened == times) && curl.Opened == times, $"every tab has opened {times} times", TimeSpan.FromSeconds(60), Seen);

        Task SeeAsync(int count) => Eventually.HoldsAsync(
            () => Texts().All(t => t.Length >= count), $"every tab has {count} frames", TimeSpan.FromSeconds(60), Seen);

        string Seen() => string.Join(
            '\n',
            nodes.Select((n, i) => $"{Scripts[i]}: opened {n.Opened}, {n.Texts.Count} texts; {Last(n.Output)}")
                .Append($"verbatim: opened {verbatim.Opened}, {verbatim.Texts.Count}; curl: opened {curl.Opened}, {curl.Texts.Count}; packed: {packed.Count}")
                .Append(_cluster.Output()));
    }

    private static string Last(string output) => output.Length > 500 ? output[^500..] : output;

    private async Task PushAsync(int first, int count)
    {
        for (var i = first; i < first + count; i++)
            await _cluster.Backend.PushAsync(User, $"message {i}");
    }
}
