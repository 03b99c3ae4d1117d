using System.Net.Sockets;
using Connections.WebFront.Lines;

namespace Connections.WebFront.Tests;

/// <summary>The socket of a tab that says nothing: it is asked whether it lives, and cut when it says nothing then either. A beat stands for a second.</summary>
public sealed class ListeningToALine
{
    private static readonly byte[] Ping = [0x89, 0];

    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public async Task A_tab_is_asked_once_and_cut_when_it_does_not_answer()
    {
        using var lines = new LoopbackLines();
        var line = await SayOnceAsync(lines);
        var reading = line.ReadAsync(_buffer).AsTask();

        Beat(line, Silence.BeatsToAsk - 1);
        Assert.Equal(0, lines.Tabs[0].Available);
        Beat(line, Silence.BeatsToGiveUp);
        Assert.Equal(Ping, await HearAsync(lines.Tabs[0]));
        Assert.False(reading.IsCompleted);
        Beat(line, 1);

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
            Beat(line, Silence.BeatsToAsk + Silence.BeatsToGiveUp - 1);
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
        Beat(line, Silence.BeatsToAsk - 1);
        await lines.Tabs[0].SendAsync("x"u8.ToArray());

        Assert.Equal(1, await reading);
        Assert.Equal(0, lines.Tabs[0].Available);
    }

    [Fact]
    public async Task One_that_takes_no_answer_is_cut_though_nobody_listens_meanwhile()
    {
        using var lines = new LoopbackLines();
        var line = Keep(lines.Open(kept: 4 << 10));
        line.PauseListening();
        var answering = line.SendAsync(new byte[1 << 20]).AsTask();

        Beat(line, Silence.BeatsToAsk + Silence.BeatsToGiveUp - 1);
        Assert.False(answering.IsCompleted);
        Beat(line, 1);

        Assert.IsNotType<TimeoutException>(await Assert.ThrowsAnyAsync<Exception>(() => answering.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public void Tabs_that_came_together_are_not_all_asked_at_once()
    {
        using var lines = new LoopbackLines();
        var some = Enumerable.Range(0, 100).Select(_ => Keep(lines.Open())).ToArray();
        foreach (var line in some)
            _ = line.ReadAsync(_buffer).AsTask();
        List<int> asked = [];
        for (var beat = 0; beat < Silence.BeatsToAsk; beat++)
        {
            foreach (var line in some)
                Beat(line, 1);
            asked.Add(lines.Tabs.Count(t => t.Available > 0) - asked.Sum());
        }

        Assert.Equal(100, asked.Sum());
        Assert.True(asked.Max() < 50, string.Join(' ', asked));
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

    // The first time a tab may be asked earlier.
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
            line.Beat();
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
