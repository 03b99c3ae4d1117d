using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Connections.Testing.History.Events;
using Connections.Testing.Tabs;
using TabOpened = Connections.Testing.Tabs.TabOpened;

namespace Connections.Faults.Tests.Crowd;

/// <summary>
/// A tab as an application has it, over <c>connections.v1</c>: goes to any front that takes it, comes back with its position when its line ends or
/// nothing answers, and keeps what it saw over all its lines. Light enough that thousands fit into one process.
/// </summary>
public sealed class CrowdTab : IAsyncDisposable
{
    private const int BufferBytes = 4 << 10;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(400);
    private static readonly HttpMessageInvoker Wire = new(new SocketsHttpHandler());

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _saying = new(1);
    private readonly Func<int, Uri> _fronts;
    private readonly Action<HistoryEvent> _write;
    private readonly CrowdSender _sender;
    private readonly TimeSpan _pings;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Task _running;
    private readonly ArrayBufferWriter<byte> _message = new(512);
    private byte[]? _buffer;
    private ClientWebSocket? _socket;
    private int _attempts;
    private volatile bool _isOpen;
    private TimeSpan? _told;

    /// <summary>Opens one, and goes on until it is disposed.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="name">Its own name.</param>
    /// <param name="fronts">Which front to try at the n-th attempt.</param>
    /// <param name="write">Where it notes what it sees.</param>
    /// <param name="pings">How often it asks whether its front is there; twice that without an answer ends its line.</param>
    /// <param name="sends">How often it sends a message; never when null.</param>
    /// <param name="after">How long it waits before it comes for the first time.</param>
    public CrowdTab(
        string user, string name, Func<int, Uri> fronts, Action<HistoryEvent> write, TimeSpan pings, TimeSpan? sends = null, TimeSpan after = default)
    {
        User = user;
        Name = name;
        _fronts = fronts;
        _write = write;
        _pings = pings;
        _sender = new CrowdSender(user, name, write, SayAsync);
        _running = Task.WhenAll(RunAsync(after), sends is { } pace ? SendAsync(pace) : Task.CompletedTask);
    }

    /// <summary>Whose.</summary>
    public string User { get; }

    /// <summary>Its own name.</summary>
    public string Name { get; }

    /// <summary>What it saw, checked as it came.</summary>
    public TabHistory History { get; } = new(keepsFrames: false);

    /// <summary>What it measures since the window began.</summary>
    public TabWindow Window { get; private set; } = new(0);

    /// <summary>When the newest message that it has was made.</summary>
    public long NewestMade { get; private set; }

    /// <summary>How many of its messages have no final status yet.</summary>
    public int OpenMessages => _sender.Open;

    /// <summary>Whether it sends; it does until it is told not to.</summary>
    public bool Sends { get; set; } = true;

    /// <summary>Why its last line ended.</summary>
    public string LastEnd { get; private set; } = "";

    /// <summary>Starts measuring anew, and returns what was measured.</summary>
    public TabWindow BeginWindow()
    {
        var before = Window;
        Window = new TabWindow(_time.GetTimestamp());
        return before;
    }

    /// <summary>Leaves its line without a word, and comes back.</summary>
    public void Leave() => Volatile.Read(ref _socket)?.Abort();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _saying.Dispose();
    }

    private async Task RunAsync(TimeSpan after)
    {
        // Off the caller: thousands begin at once.
        await Task.Yield();
        await PauseAsync(after);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ServeAsync();
            }
            catch (Exception e) when (IsEnd(e))
            {
                LastEnd = e.Message;
            }

            _isOpen = false;
            if (Interlocked.Exchange(ref _socket, null) is not null)
                _write(new TabClosed(User, Name));
            if (_stop.IsCancellationRequested)
                return;
            Window.Interrupted();
            await PauseAsync(_told ?? Pause + (Spread * Random.Shared.NextDouble()));
            _told = null;
        }
    }

    private async Task PauseAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // It is to end.
        }
    }

    private async Task ServeAsync()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RawTab.Envelopes);
        socket.Options.KeepAliveInterval = _pings;
        socket.Options.KeepAliveTimeout = 2 * _pings;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(new UriBuilder(_fronts(_attempts++)) { Scheme = "ws", Path = "/ws", Query = $"user={User}" }.Uri, Wire, limit.Token);
        }

        Volatile.Write(ref _socket, socket);
        var asked = History.Position;
        await SayAsync(asked is null ? """{"type":"open"}""" : $$"""{"type":"open","position":"{{asked}}"}""");
        while (await ReceiveAsync(socket))
            await TakeAsync(_message.WrittenMemory, asked);
        LastEnd = $"{(int?)socket.CloseStatus} {socket.CloseStatusDescription}";
    }

    private static bool IsEnd(Exception e) =>
        e is WebSocketException or OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException or InvalidOperationException;

    private async Task SendAsync(TimeSpan pace)
    {
        try
        {
            await Task.Delay(pace * Random.Shared.NextDouble(), _time, _stop.Token);
            while (true)
            {
                if (Sends && _isOpen)
                    await _sender.SendAsync();
                await Task.Delay(pace, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is to end.
        }
    }

    // What cannot be said is asked about when the line is back.
    private async Task SayAsync(string text)
    {
        await _saying.WaitAsync();
        try
        {
            if (Volatile.Read(ref _socket) is { } socket)
                await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        catch (Exception e) when (IsEnd(e))
        {
            LastEnd = e.Message;
        }
        finally
        {
            _saying.Release();
        }
    }

    private async Task<bool> ReceiveAsync(ClientWebSocket socket)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            // A buffer only while something comes: an idle tab owns none.
            await socket.ReceiveAsync(Memory<byte>.Empty, _stop.Token);
            _buffer ??= new byte[BufferBytes];
            var read = await socket.ReceiveAsync(_buffer.AsMemory(), _stop.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                return false;
            _message.Write(_buffer.AsSpan(0, read.Count));
            if (read.EndOfMessage)
                return true;
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> message, string? asked)
    {
        using var document = JsonDocument.Parse(message);
        var envelope = document.RootElement;
        switch (envelope.GetProperty("type").GetString())
        {
            case "opened":
                var opened = envelope.Deserialize<TabOpened>()!;
                _write(new Testing.History.Events.TabOpened(User, Name, asked, opened.Recovered, opened.Position));
                History.Opened(opened, asked);
                Window.Opened(opened.Recovered || asked is null);
                await _sender.AskAgainAsync();
                _isOpen = true;
                break;
            case "frames":
                Take(envelope.Deserialize<TabBatch>()!);
                break;
            case "receipt":
                _sender.Told(envelope.Deserialize<TabReceipt>()!);
                break;
            case "closing" when envelope.TryGetProperty("retryAfterMs", out var wait) && wait.ValueKind == JsonValueKind.Number:
                _told = TimeSpan.FromMilliseconds(wait.GetInt64());
                break;
        }
    }

    private void Take(TabBatch batch)
    {
        History.Received(batch);
        if (batch.Gap is { } gap)
        {
            _write(new TabGapTold(User, Name, batch.Epoch, gap.Reason, gap.Next));
            Window.Gap();
        }

        foreach (var frame in batch.Frames)
        {
            var isMessage = NumberedMessage.TryRead(frame.Text, out var numbered);
            _write(new TabReceived(User, Name, batch.Epoch, frame.Offset, frame.Kind, isMessage ? numbered.Name : null));
            if (isMessage)
            {
                NewestMade = numbered.At;
                Window.Took(_time.GetElapsedTime(numbered.At));
            }
            else if (frame.Kind.StartsWith("upstream-", StringComparison.Ordinal))
            {
                Window.Marker();
            }
        }
    }
}
