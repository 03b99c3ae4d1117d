using System.Net.Sockets;
using System.Text;
using Connections.WebFront.Lines;

namespace Connections.WebFront.Tests;

/// <summary>The socket of a tab: what a write does not get rid of at once waits without a thread, whole and in its turn.</summary>
public sealed class WritingToALine
{
    private const int Kept = 8 << 10;

    [Fact]
    public async Task What_the_kernel_does_not_take_waits_and_comes_whole_before_what_was_written_after_it()
    {
        using var lines = new LoopbackLines();
        var line = lines.Open(Kept);
        var first = Enumerable.Range(0, 4 << 20).Select(i => (byte)i).ToArray();
        var second = Encoding.UTF8.GetBytes("second");

        var writing = line.SendAsync(first).AsTask();
        var next = line.WriteAsync(second).AsTask();
        Assert.False(writing.IsCompleted);
        Array.Clear(first);
        var read = await ReadAsync(lines.Tabs[0], (4 << 20) + second.Length);
        await writing;
        await next;

        Assert.Equal(Enumerable.Range(0, 4 << 20).Select(i => (byte)i), read[..^second.Length]);
        Assert.Equal(second, read[^second.Length..]);
    }

    [Fact]
    public async Task A_line_that_is_closed_ends_the_write_that_waits()
    {
        using var lines = new LoopbackLines();
        var line = lines.Open(Kept);

        var writing = line.SendAsync(new byte[4 << 20]).AsTask();
        await line.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task What_was_read_before_is_read_first()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await using var line = new Line(socket, "early"u8.ToArray());
        var buffer = new byte[3];

        Assert.Equal(3, await line.ReadAsync(buffer));
        Assert.Equal("ear"u8.ToArray(), buffer);
        Assert.Equal(2, await line.ReadAsync(buffer));
        Assert.Equal("ly"u8.ToArray(), buffer[..2]);
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }
}
