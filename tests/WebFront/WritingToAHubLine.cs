using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Connections.Core;
using Connections.WebFront.Hub;
using Connections.WebFront.Identity;
using Microsoft.AspNetCore.Connections;

namespace Connections.WebFront.Tests;

/// <summary>What SignalR writes to a tab's own line, over real sockets: each flush is a WebSocket message, and a tab that has gone is no error.</summary>
public sealed class WritingToAHubLine : IDisposable
{
    private const int Kept = 8 << 10;

    private readonly LoopbackLines _lines = new();

    [Fact]
    public async Task Each_flush_is_one_message_of_the_protocols_kind_however_it_was_written()
    {
        var (line, tab) = Open();
        var parts = Encoding.UTF8.GetBytes(new string('p', 70_000));

        await line.Output.WriteAsync("encoded before"u8.ToArray(), Ct);
        line.Output.Write(parts.AsSpan(0, 10));
        line.Output.Write(parts.AsSpan(10));
        await line.Output.FlushAsync(Ct);
        line.Output.Write("a"u8);
        await line.Output.WriteAsync("b"u8.ToArray(), Ct);
        await line.Output.FlushAsync(Ct);
        line.ActiveFormat = TransferFormat.Binary;
        await line.Output.WriteAsync(new byte[] { 1, 2, 3 }, Ct);

        Assert.Equal((WebSocketMessageType.Text, "encoded before"), await ReadAsync(tab));
        Assert.Equal((WebSocketMessageType.Text, Encoding.UTF8.GetString(parts)), await ReadAsync(tab));
        Assert.Equal((WebSocketMessageType.Text, "ab"), await ReadAsync(tab));
        Assert.Equal((WebSocketMessageType.Binary, "\u0001\u0002\u0003"), await ReadAsync(tab));
    }

    [Fact]
    public async Task A_write_to_a_tab_that_has_gone_says_so_and_is_no_error()
    {
        var (line, _) = Open();
        _lines.Tabs[0].Close(0);

        // The first is taken by the kernel, which learns by it.
        await Testing.Eventually.HoldsAsync(async () => (await line.Output.WriteAsync("late"u8.ToArray(), Ct)).IsCompleted, "the write says that the line has ended");
        line.Output.Write("later"u8);

        Assert.True((await line.Output.FlushAsync(Ct)).IsCompleted);
    }

    [Fact]
    public async Task A_write_that_waits_for_a_tab_that_does_not_read_ends_when_the_line_is_cut()
    {
        var (line, _) = Open(Kept);
        var waiting = line.Output.WriteAsync(new byte[4 << 20], Ct).AsTask();
        Assert.False(waiting.IsCompleted);

        line.CutIfStuck();

        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct)).IsCompleted);
    }

    [Fact]
    public async Task A_line_on_which_nothing_waits_is_not_cut()
    {
        var (line, tab) = Open();

        line.CutIfStuck();
        await line.Output.WriteAsync("still here"u8.ToArray(), Ct);

        Assert.Equal((WebSocketMessageType.Text, "still here"), await ReadAsync(tab));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_serves_it_learns_at_once_that_the_tab_has_gone_although_he_is_at_work(bool inOrder)
    {
        var (line, tab) = Open();
        var work = new Work();
        var serving = line.ServeAsync(work);
        await tab.SendAsync("something to do"u8.ToArray(), WebSocketMessageType.Text, true, Ct);

        if (inOrder)
            await tab.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        else
            _lines.Tabs[0].Close(0);

        await work.Gone.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await serving.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private (HubLine Line, WebSocket Tab) Open(int kept = 0)
    {
        var line = _lines.Open(kept);
        var served = WebSocket.CreateFromStream(line, new WebSocketCreationOptions { IsServer = true });
        var tab = WebSocket.CreateFromStream(new NetworkStream(_lines.Tabs[^1]), new WebSocketCreationOptions());
        Assert.True(UserId.TryParse("alice", out var alice));
        return (new HubLine(served, line, new Caller(alice, null, null), TimeProvider.System), tab);
    }

    private static async Task<(WebSocketMessageType Kind, string Text)> ReadAsync(WebSocket tab)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var bytes = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await tab.ReceiveAsync(bytes.GetMemory(4_096), limit.Token);
            bytes.Advance(read.Count);
            if (read.EndOfMessage)
                return (read.MessageType, Encoding.UTF8.GetString(bytes.WrittenSpan));
        }
    }

    // Reads nothing until the connection has ended.
    private sealed class Work : ConnectionHandler
    {
        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            await using var registration = connection.ConnectionClosed.Register(() => Gone.TrySetResult());
            await Gone.Task;
        }
    }
}
