using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Connections.Faults.Tests.Crowd;
using Connections.Testing.History.Events;

namespace Connections.Faults.Tests.Backend;

/// <summary>The healthy script: each user's messages are numbered from 1 on, over all its connections, and what the user sends is kept.</summary>
internal sealed class NumberedMessages(ScriptedBackend backend)
{
    private const int BufferBytes = 16 << 10;

    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, Numbers> _numbers = new(StringComparer.Ordinal);

    /// <summary>When the newest message to a user was made.</summary>
    public long NewestMadeFor(string user) => _numbers.TryGetValue(user, out var numbers) ? Volatile.Read(ref numbers.NewestMade) : 0;

    /// <summary>Runs it on a dial.</summary>
    public async Task RunAsync(ScriptedDial dial, TimeSpan pace, int bytes, CancellationToken ct)
    {
        using var socket = await dial.OpenAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sending = SendAsync(dial, socket, pace, bytes, ended.Token);
        try
        {
            await ReceiveAsync(dial, socket, ended.Token);
        }
        finally
        {
            await ended.CancelAsync();
        }

        await sending;
    }

    private async Task SendAsync(ScriptedDial dial, WebSocket socket, TimeSpan pace, int bytes, CancellationToken ct)
    {
        var numbers = _numbers.GetOrAdd(dial.User, _ => new Numbers());
        var due = TimeProvider.System.GetTimestamp();
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                while (backend.IsPaused)
                    await Task.Delay(PausePoll, TimeProvider.System, ct);
                var message = NumberedMessage.Next(Interlocked.Increment(ref numbers.Last));
                Volatile.Write(ref numbers.NewestMade, message.At);
                backend.Write(new BackendSent(dial.User, dial.Number, message.Name));
                await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToString().PadRight(bytes)), WebSocketMessageType.Text, true, ct);

                // By the clock, not by the pause: timers come late, and a flood is to be one.
                due += (long)(pace.TotalSeconds * TimeProvider.System.TimestampFrequency);
                if (TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due) is { TotalMilliseconds: > 1 } wait)
                    await Task.Delay(wait, TimeProvider.System, ct);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection has ended; the reader ends the script.
        }
    }

    private async Task ReceiveAsync(ScriptedDial dial, WebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        while (await socket.ReceiveAsync(buffer.AsMemory(), ct) is var read && read.MessageType != WebSocketMessageType.Close)
            backend.Write(new BackendReceived(dial.User, dial.Number, Encoding.UTF8.GetString(buffer, 0, read.Count)));

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
    }

    private sealed class Numbers
    {
        public long Last;
        public long NewestMade;
    }
}
