using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.GraphQL;

/// <summary>A tab whose frames or states are the events of one subscription. It lives from its open to the end of the subscription.</summary>
/// <typeparam name="T">The events.</typeparam>
internal abstract class TabStream<T> : IObservable<T>, ITabWriter, IDisposable
{
    private readonly SessionRegistry _sessions;
    private readonly EventGate _gate;
    private IObserver<T>? _observer;
    private int _disposed;

    protected TabStream(SessionRegistry sessions, Caller caller, EventGate gate, TimeProvider time)
    {
        _sessions = sessions;
        _gate = gate;
        Time = time;
        Tab = sessions.Add(caller, this);
    }

    /// <summary>The tab.</summary>
    protected Tab Tab { get; }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Places the tab.</summary>
    /// <exception cref="TimeoutException">The user's connection could not be reached in time.</exception>
    public async Task OpenAsync(FramePosition? position, CancellationToken ct) => Opened(await Tab.Session.OpenAsync(Tab, position, ct));

    /// <summary>The engine listens: events begin.</summary>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        _observer = observer;
        _ = BeginAsync();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _sessions.Remove(Tab);
        _gate.Broke(new OperationCanceledException("The subscription has ended."));
    }

    /// <inheritdoc/>
    public string Kind => "graphql";

    /// <inheritdoc/>
    public abstract ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range);

    /// <inheritdoc/>
    public abstract ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers);

    /// <inheritdoc/>
    public ValueTask WriteReceiptAsync(Receipt receipt) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter) => await _gate.CloseAsync(code, retryAfter);

    /// <summary>The tab has its place.</summary>
    protected abstract void Opened(OpenOutcome outcome);

    /// <summary>The event to begin with.</summary>
    protected abstract T First();

    /// <summary>Hands an event over; waits until it is on the wire.</summary>
    protected ValueTask PassAsync(T value) => new(_gate.PassAsync(_observer!, value));

    private async Task BeginAsync()
    {
        try
        {
            // Not before the engine knows how to end what it has just begun.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await PassAsync(First());
            Tab.Start();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The line is gone, and the subscription with it.
        }
    }
}
