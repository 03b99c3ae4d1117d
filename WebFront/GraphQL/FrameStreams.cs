using Connections.Core;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using GraphQL;

namespace Connections.WebFront.GraphQL;

/// <summary>Opens the tabs behind the subscriptions.</summary>
internal sealed class FrameStreams(SessionRegistry sessions, IBreakerBoard board, TimeProvider time)
{
    /// <summary>The frames after a position, or from the top.</summary>
    public async Task<IObservable<FrameEvent>> FramesAsync(OperationContext context, string? from, CancellationToken ct)
    {
        FramePosition? position = null;
        if (from is not null)
        {
            if (!FramePosition.TryParse(from, out var parsed))
                throw new ExecutionError("The position cannot be read: it is <epoch>-<offset>, 16 hexadecimal digits, a hyphen and a number.");
            position = parsed;
        }

        var stream = new FrameStream(sessions, context.Caller, Gate(context), time);
        await OpenAsync(stream, position, ct);
        return stream;
    }

    /// <summary>How the connection stands, now and at every change; with the breakers of <c>/api</c> when they are asked for.</summary>
    public async Task<IObservable<WireState>> StatesAsync(OperationContext context, bool breakers, CancellationToken ct)
    {
        var stream = new StateStream(sessions, context.Caller, Gate(context), breakers ? board : null, time);
        await OpenAsync(stream, null, ct);
        return stream;
    }

    private static EventGate Gate(OperationContext context) =>
        context.Gate ?? throw new ExecutionError("Subscriptions need a WebSocket with the sub-protocol graphql-transport-ws.");

    private static async Task OpenAsync<T>(TabStream<T> stream, FramePosition? position, CancellationToken ct)
    {
        try
        {
            await stream.OpenAsync(position, ct);
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is TimeoutException)
                throw new ExecutionError(e.Message);
            throw;
        }
    }
}
