using Connections.Grains.Abstractions;

namespace Connections.WebFront.GraphQL;

/// <summary>
/// Lets one event of a subscription through at a time: the engine's observables know no back-pressure, so the source waits here until the event
/// is on the wire.
/// </summary>
internal sealed class EventGate(Func<CloseCode, TimeSpan?, Task> close)
{
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Hands an event over, and waits until it is written.</summary>
    public Task PassAsync<T>(IObserver<T> observer, T value)
    {
        var written = _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        observer.OnNext(value);
        return written.Task;
    }

    /// <summary>The event that was handed over is on the wire.</summary>
    public void Written() => _written.TrySetResult();

    /// <summary>The line is gone: nothing will be written any more.</summary>
    public void Broke(Exception why) => _written.TrySetException(why);

    /// <summary>Closes the whole socket, with all its operations.</summary>
    public Task CloseAsync(CloseCode code, TimeSpan? retryAfter) => close(code, retryAfter);
}
