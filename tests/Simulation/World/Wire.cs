using System.Net.WebSockets;
using System.Text;

namespace Connections.Simulation.Tests.World;

/// <summary>
/// One upstream, both ends of it: the silo's is a WebSocket to the real code above it. In order, with a latency each way; can be closed by either
/// side, or cut.
/// </summary>
internal sealed class Wire(World world, Node silo, string user, long number) : WebSocket
{
    private readonly Queue<byte[]> _inbound = [];
    private TaskCompletionSource? _reader;
    private WebSocketState _state = WebSocketState.Open;
    private bool _closeArrived;
    private bool _aborted;
    private TimeSpan _lastDown;
    private TimeSpan _lastUp;
    private byte[]? _heldDown;
    private string? _heldUp;

    public long Number => number;

    public string User => user;

    public Node Silo => silo;

    /// <summary>Whether the backend has it open.</summary>
    public bool BackendOpen { get; set; }

    /// <summary>Whether the backend sends no more.</summary>
    public bool BackendCloses { get; set; }

    public override WebSocketState State => _state;

    public override WebSocketCloseStatus? CloseStatus => _closeArrived ? WebSocketCloseStatus.EndpointUnavailable : null;

    public override string? CloseStatusDescription => null;

    public override string? SubProtocol => null;

    /// <summary>The backend sends a message.</summary>
    public void Send(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        switch (world.Sabotage)
        {
            case Sabotage.LoseAMessage when world.Strikes(user, 0.03):
                return;
            case Sabotage.StampTwice when world.Strikes(user, 0.03):
                Down(() => Arrive(bytes));
                break;
            case Sabotage.SwapMessages when _heldDown is { } held:
                _heldDown = null;
                Down(() => Arrive(bytes));
                bytes = held;
                break;
            case Sabotage.SwapMessages when world.Strikes(user, 0.05):
                _heldDown = bytes;
                return;
        }

        Down(() => Arrive(bytes));
    }

    /// <summary>The backend closes in order.</summary>
    public void SendClose() => Down(() =>
    {
        _closeArrived = true;
        Wake();
    });

    /// <summary>The line breaks.</summary>
    public void Break() => Down(() =>
    {
        _aborted = true;
        _state = WebSocketState.Aborted;
        Wake();
    });

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_aborted && _inbound.Count == 0 && !_closeArrived)
        {
            _reader = new TaskCompletionSource();
            await _reader.Task;
        }

        if (_inbound.TryPeek(out var next) && !_aborted)
        {
            if (buffer.Length < next.Length)
                return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Text, endOfMessage: false);
            _inbound.Dequeue();
            next.CopyTo(buffer);
            return new ValueWebSocketReceiveResult(next.Length, WebSocketMessageType.Text, endOfMessage: true);
        }

        if (_aborted)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        _state = _state is WebSocketState.CloseSent ? WebSocketState.Closed : WebSocketState.CloseReceived;
        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var message = Encoding.UTF8.GetString(buffer.Span);
        if (_aborted)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);

        // The kernel's buffer is full now and then: what dies meanwhile may have left, or not.
        var dice = world.DiceOf(user);
        if (dice.Next(4) == 0)
            await BlockedAsync(dice);
        switch (world.Sabotage)
        {
            case Sabotage.HandOverTwice when world.Strikes(user, 0.05):
                Up(() => world.Backend.Received(this, message));
                break;
            case Sabotage.SwapSends when _heldUp is { } held:
                _heldUp = null;
                Up(() => world.Backend.Received(this, message));
                message = held;
                break;
            case Sabotage.SwapSends when world.Strikes(user, 0.2):
                _heldUp = message;
                return;
        }

        Up(() => world.Backend.Received(this, message));
        if (dice.Next(4) == 0)
            await BlockedAsync(dice);
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        _state = _state is WebSocketState.CloseReceived ? WebSocketState.Closed : WebSocketState.CloseSent;
        Up(() => world.Backend.Closed(this, answer: true));
        return Task.CompletedTask;
    }

    public override void Abort()
    {
        if (_state is WebSocketState.Aborted or WebSocketState.Closed)
            return;
        _state = WebSocketState.Aborted;
        _aborted = true;
        Up(() => world.Backend.Closed(this, answer: false));
        Wake();
    }

    public override void Dispose() => Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    private async Task BlockedAsync(Random dice)
    {
        var milliseconds = 20 * dice.NextDouble();
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), silo.Time, CancellationToken.None);
        if (_aborted)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
    }

    private void Arrive(byte[] message)
    {
        if (_aborted || _closeArrived)
            return;
        _inbound.Enqueue(message);
        Wake();
    }

    private void Wake()
    {
        var reader = _reader;
        _reader = null;
        reader?.TrySetResult();
    }

    private void Down(Action arrives) => silo.After(Next(ref _lastDown), arrives);

    private void Up(Action arrives) => world.Backend.Node.After(Next(ref _lastUp), arrives);

    private TimeSpan Next(ref TimeSpan last)
    {
        var at = world.Loop.Now + TimeSpan.FromMilliseconds(0.2 + (2 * world.DiceOf(user).NextDouble()));
        last = at > last ? at : last + TimeSpan.FromTicks(1);
        return last - world.Loop.Now;
    }
}
