using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Connections.WebFront.Hub;

/// <summary>Writes to a SignalR connection.</summary>
internal sealed class HubTabWriter(HubConnectionContext connection, TimeProvider time) : ITabWriter
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    // The tabs of a user are told one after the other: what a thread has encoded last is mostly what it is to write next.
    [ThreadStatic]
    private static (ConnectionState? State, SerializedHubMessage? Message) _told;

    /// <inheritdoc/>
    public string Kind => "signalr";

    /// <inheritdoc/>
    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range) =>
        gap is null && range is not null
            ? connection.WriteAsync(range.Encoded(FrameRange.Encoding.Hub, Encode))
            : connection.WriteAsync(Message(new WireBatch(epoch, gap, range)));

    /// <inheritdoc/>
    public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers)
    {
        if (breakers is not null || WireState.IsRelative(state))
            return connection.WriteAsync(StateMessage(state, breakers));
        if (!ReferenceEquals(_told.State, state))
            _told = (state, new SerializedHubMessage(StateMessage(state, null)));
        return connection.WriteAsync(_told.Message!);
    }

    /// <inheritdoc/>
    public ValueTask WriteReceiptAsync(Receipt receipt) =>
        connection.WriteAsync(new InvocationMessage("Receipt", [WireReceipt.From(receipt)]));

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionAborted.Register(gone.SetResult);
        try
        {
            // Aborting at once would overtake what was written: the client closes when it has read both.
            await WriteClosingAsync(code, retryAfter).WaitAsync(ClosePatience, time);
            await gone.Task.WaitAsync(ClosePatience, time);
        }
        finally
        {
            connection.Abort();
            connection.Features.Get<HubLine>()?.CutIfStuck();
        }
    }

    /// <summary>The message that all tabs get that stand at the same place; it keeps the bytes of each hub protocol.</summary>
    public static SerializedHubMessage Encode(FrameRange range) => Message(new WireBatch(range.Epoch, null, range));

    private InvocationMessage StateMessage(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) =>
        new("State", [WireState.From(state, time.GetUtcNow(), breakers)]);

    private async Task WriteClosingAsync(CloseCode code, TimeSpan? retryAfter)
    {
        await connection.WriteAsync(new InvocationMessage("Closing", [code.Name, retryAfter is { } t ? (long)t.TotalMilliseconds : null]));
        await connection.WriteAsync(new CloseMessage(null, allowReconnect: code.MayReconnect));
    }

    private static SerializedHubMessage Message(WireBatch batch) => new(new InvocationMessage("Frames", [batch]));
}
