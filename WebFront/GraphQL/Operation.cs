using GraphQL;

namespace Connections.WebFront.GraphQL;

/// <summary>One operation of a socket: writes a subscription's events, one at a time.</summary>
internal sealed class Operation(string id, EventGate gate, Conversation conversation) : IObserver<ExecutionResult>, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private IDisposable? _listening;
    private int _disposed;

    /// <summary>Its id, which is the client's.</summary>
    public string Id => id;

    /// <summary>Fires when it has ended.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Listens to a subscription's events.</summary>
    public void Listen(IObservable<ExecutionResult> events)
    {
        _listening = events.Subscribe(this);
        if (_disposed != 0)
            _listening.Dispose();
    }

    /// <inheritdoc/>
    public void OnNext(ExecutionResult value) => _ = WriteAsync(value);

    /// <inheritdoc/>
    public void OnCompleted() => conversation.CompleteAsync(this).Ignore();

    /// <inheritdoc/>
    public void OnError(Exception error) =>
        conversation.FailAsync(this, [error as ExecutionError ?? new ExecutionError("The subscription failed.")]).Ignore();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _cancel.Cancel();
        _listening?.Dispose();
        _cancel.Dispose();
    }

    private async Task WriteAsync(ExecutionResult value)
    {
        try
        {
            await conversation.NextAsync(this, value);
            gate.Written();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            gate.Broke(e);
        }
    }
}
