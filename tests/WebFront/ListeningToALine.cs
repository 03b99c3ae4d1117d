using System.Net.Sockets;
using Connections.Testing;
using Connections.WebFront.Lines;

namespace Connections.WebFront.Tests;

/// <summary>
/// The socket of a tab that says nothing is asked whether it lives, and cut when it says nothing then either; that of one that reads nothing is cut, too. A beat stands for a second.
/// </summary>
public sealed class ListeningToALine
{
    private const int MostWaiting = 12;

    private static readonly byte[] Ping = [0x89, 0];

    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public async Task A_tab_is_asked_once_and_cut_when_it_does_not_answer()
    {
        using var lines = new LoopbackLines();
        var line = await SayOnceAsync(lines);
        var reading = line.ReadAsync(_buffer).AsTask();

        Beat(line, Silence.BeatsToAsk - Silence.Spread);
        Assert.Equal(0, lines.Tabs[0].Available);
        Beat(line, Silence.BeatsToGiveUp);
        Assert.Equal(Ping, await HearAsync(lines.Tabs[0]));
        Assert.False(reading.IsCompleted);
        Beat(line, Silence.Spread);

        Assert.Empty(await HearAsync(lines.Tabs[0]));
        Assert.True(await HasEndedAsync(reading));
    }

    [Fact]
    public async Task Whatever_it_says_then_keeps_it()
    {
        using var lines = new LoopbackLines();
        var line = await SayOnceAsync(lines);

        for (var round = 0; round < 5; round++)
        {
            var reading = line.ReadAsync(_buffer).AsTask();
            Beat(line, Silence.BeatsToAsk + Silence.BeatsToGiveUp - Silence.Spread);
            Assert.Equal(Ping, await HearAsync(lines.Tabs[0]));
            await lines.Tabs[0].SendAsync("x"u8.ToArray());
            Assert.Equal(1, await reading);
        }
    }

    [Fact]
    public async Task While_what_it_said_is_being_taken_it_is_neither_asked_nor_cut()
    {
        using var lines = new LoopbackLines();
        var line = await SayOnceAsync(lines);
        line.PauseListening();

        Beat(line, 100);
        var reading = line.ReadAsync(_buffer).AsTask();
        Beat(line, Silence.BeatsToAsk - Silence.Spread);
        await lines.Tabs[0].SendAsync("x"u8.ToArray());

        Assert.Equal(1, await reading);
        Assert.Equal(0, lines.Tabs[0].Available);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_takes_no_answer_is_cut_though_nobody_listens_meanwhile(bool asksWhenQuiet)
    {
        using var lines = new LoopbackLines();
        var line = lines.Open(kept: 4 << 10);
        line.Keep(asksWhenQuiet);
        var answering = line.SendAsync(new byte[1 << 20]).AsTask();

        Beat(line, MostWaiting);
        Assert.False(answering.IsCompleted);
        Beat(line, 1);

        Assert.IsNotType<TimeoutException>(await Assert.ThrowsAnyAsync<Exception>(() => answering.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task One_that_takes_its_answers_slowly_is_kept()
    {
        using var lines = new LoopbackLines();
        var line = lines.Open(kept: 4 << 10);
        line.Keep(asksWhenQuiet: true);

        for (var round = 0; round < 5; round++)
        {
            var answering = line.SendAsync(new byte[1 << 20]).AsTask();
            Beat(line, MostWaiting);
            Assert.False(answering.IsCompleted);
            await Eventually.HoldsAsync(
                () =>
                {
                    lines.Drain();
                    return answering.IsCompletedSuccessfully;
                },
                "the answer was taken");
        }
    }

    [Fact]
    public async Task Tabs_that_came_together_and_have_said_something_are_not_all_asked_at_once()
    {
        using var lines = new LoopbackLines();
        List<Line> some = [];
        for (var tab = 0; tab < 100; tab++)
        {
            some.Add(Keep(lines.Open()));
            var reading = some[tab].ReadAsync(_buffer).AsTask();
            await lines.Tabs[tab].SendAsync("x"u8.ToArray());
            await reading;
            _ = some[tab].ReadAsync(_buffer).AsTask();
        }

        List<int> asked = [];
        for (var beat = 0; beat < Silence.BeatsToAsk; beat++)
        {
            some.ForEach(line => Beat(line, 1));
            asked.Add(Asked() - asked.Sum());
        }

        await Eventually.HoldsAsync(() => Asked() == 100, "all have been asked");
        Assert.True(asked.Max() < 50, string.Join(' ', asked));

        int Asked() => lines.Tabs.Count(t => t.Available > 0);
    }

    [Fact]
    public async Task One_that_others_look_after_is_left_alone()
    {
        using var lines = new LoopbackLines();
        var line = lines.Open();
        line.Keep(asksWhenQuiet: false);
        var reading = line.ReadAsync(_buffer).AsTask();

        Beat(line, 100);
        await lines.Tabs[0].SendAsync("x"u8.ToArray());

        Assert.Equal(1, await reading);
        Assert.Equal(0, lines.Tabs[0].Available);
    }

    private async Task<Line> SayOnceAsync(LoopbackLines lines)
    {
        var line = Keep(lines.Open());
        var reading = line.ReadAsync(_buffer).AsTask();
        await lines.Tabs[0].SendAsync("x"u8.ToArray());
        await reading;
        return line;
    }

    private static Line Keep(Line line)
    {
        line.Keep(asksWhenQuiet: true);
        return line;
    }

    private static void Beat(Line line, int count)
    {
        for (var beat = 0; beat < count; beat++)
            line.Beat(MostWaiting);
    }

    // Cut by its own side, a read ends with nothing or with an error, whichever comes first.
    private static async Task<bool> HasEndedAsync(Task<int> reading)
    {
        try
        {
            return await reading.WaitAsync(TimeSpan.FromSeconds(10)) == 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    // Nothing is the end.
    private static async Task<byte[]> HearAsync(Socket tab)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[100];
        return buffer[..await tab.ReceiveAsync(buffer.AsMemory(), limit.Token)];
    }
}
