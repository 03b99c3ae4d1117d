using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Security.Claims;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Connections.WebFront.Hub;

/// <summary>
/// A SignalR connection over a tab's own line, without the HTTP request that it came by: what the tab says comes through a pipe, what it is told goes to the
/// kernel on the thread that has it (<see cref="HubLineWriter"/>). It has what SignalR asks of a connection, and no more.
/// </summary>
/// <remarks>
/// There are as many as tabs, so it is its own pair of pipe ends and its own features. It holds none of the claims that its caller came with: a rule on a method of the
/// hub would deny everybody here.
/// </remarks>
internal sealed class HubLine : ConnectionContext, IDuplexPipe, IFeatureCollection, ITransferFormatFeature, IConnectionHeartbeatFeature, IConnectionUserFeature
{
    private const int SmallestBuffer = 2_048;
    private const int MostUnread = 64 << 10;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private static readonly PipeOptions Inward = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: MostUnread, resumeWriterThreshold: MostUnread / 2, useSynchronizationContext: false);

    // Whether somebody may open a tab was asked before, and who it is says the caller.
    private static readonly ClaimsPrincipal Nobody = new();

    private readonly WebSocket _socket;
    private readonly Line _line;
    private readonly TimeProvider _time;
    private readonly Pipe _in = new(Inward);
    private readonly HubLineWriter _out;
    private readonly CancellationTokenSource _closed = new();
    private readonly List<(Action<object> Act, object State)> _beats = new(2);
    private HubTab? _tab;
    private FeatureCollection? _added;
    private IDictionary<object, object?>? _items;

    /// <summary>Begins with an open WebSocket.</summary>
    /// <param name="socket">The WebSocket.</param>
    /// <param name="line">What it goes over.</param>
    /// <param name="caller">Who was authenticated.</param>
    /// <param name="time">The clock.</param>
    public HubLine(WebSocket socket, Line line, Caller caller, TimeProvider time)
    {
        (_socket, _line, Caller, _time) = (socket, line, caller, time);
        _out = new HubLineWriter(this, line);
        ConnectionClosed = _closed.Token;
    }

    /// <summary>Who has opened the tab.</summary>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features => this;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <inheritdoc/>
    [AllowNull]
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public PipeReader Input => _in.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _out;

    /// <inheritdoc/>
    public TransferFormat SupportedFormats => TransferFormat.Text | TransferFormat.Binary;

    /// <inheritdoc/>
    public TransferFormat ActiveFormat { get; set; } = TransferFormat.Text;

    /// <inheritdoc/>
    public ClaimsPrincipal? User { get; set; } = Nobody;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public int Revision => _added?.Revision ?? 0;

    /// <inheritdoc/>
    public object? this[Type key]
    {
        get => key == typeof(HubTab) ? _tab : _added?[key] ?? (key.IsInstanceOfType(this) ? this : null);
        set
        {
            if (key == typeof(HubTab))
                _tab = (HubTab?)value;
            else
                (_added ??= new FeatureCollection())[key] = value;
        }
    }

    /// <summary>Whether frames may still be written: none follows a close.</summary>
    public bool TakesFrames => _socket.State is WebSocketState.Open;

    /// <inheritdoc/>
    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    /// <inheritdoc/>
    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => (_added ?? Enumerable.Empty<KeyValuePair<Type, object>>()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state)
    {
        lock (_beats)
            _beats.Add((action, state));
    }

    /// <summary>A second has passed: SignalR pings, and looks whether it has heard anything.</summary>
    public void Beat()
    {
        lock (_beats)
        {
            foreach (var (act, state) in _beats)
                act(state);
        }
    }

    /// <summary>Cuts the line of a tab that is to go, when a write waits for it: SignalR would wait for its end.</summary>
    public void CutIfStuck()
    {
        if (_line.IsWaiting)
            _line.Dispose();
    }

    /// <summary>Cuts the line when nobody has shaken hands over it.</summary>
    public void CutIfNobodys()
    {
        if (_tab?.Tab is null)
            _line.Dispose();
    }

    /// <summary>Has SignalR serve it to its end, and closes it.</summary>
    public async Task ServeAsync(ConnectionHandler hub)
    {
        using var socket = _socket;
        var receiving = ReceiveAsync();
        try
        {
            await hub.OnConnectedAsync(this);
        }
        finally
        {
            await _in.Reader.CompleteAsync();
            await CloseAsync(receiving);
            await _line.DisposeAsync();
            await receiving;
        }
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _line.Dispose();

    // Waits without a buffer, and goes on while the hub is at work: a tab that leaves then is to be noticed. What the hub does not want any more is thrown away
    // until the tab has answered the close.
    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);

                // A message without content was taken with it.
                if (read.EndOfMessage && read.MessageType is not WebSocketMessageType.Close)
                    continue;
                if (read.MessageType is not WebSocketMessageType.Close)
                    read = await _socket.ReceiveAsync(_in.Writer.GetMemory(SmallestBuffer), CancellationToken.None);
                if (read.MessageType is WebSocketMessageType.Close)
                    break;
                _in.Writer.Advance(read.Count);
                await _in.Writer.FlushAsync(CancellationToken.None);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The tab has gone without a word, which is an end like any other.
        }

        await _in.Writer.CompleteAsync();

        // On a thread of its own: whoever is told runs what the hub has left to do.
        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }

    private async Task CloseAsync(Task receiving)
    {
        using var limit = new CancellationTokenSource(ClosePatience, _time);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            await receiving.WaitAsync(limit.Token);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The line has ended, or the tab does not answer: it is cut.
        }
    }

    private static bool IsEnd(Exception e) => e is WebSocketException or IOException or System.Net.Sockets.SocketException or OperationCanceledException or ObjectDisposedException;
}
