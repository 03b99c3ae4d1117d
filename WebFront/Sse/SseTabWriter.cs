using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sse;

/// <summary>Hands what a tab gets to the response that is being written: one write at a time waits there, the next one waits here.</summary>
internal sealed class SseTabWriter(Action abort, TimeProvider time) : ITabWriter
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<SseItem<byte[]>[]> _items = Channel.CreateBounded<SseItem<byte[]>[]>(
        new BoundedChannelOptions(1) { SingleReader = true });

    /// <summary>What is to be written.</summary>
    public ChannelReader<SseItem<byte[]>[]> Items => _items.Reader;

    /// <summary>The response has ended: what waits to be written never will.</summary>
    public void Ended()
    {
        _items.Writer.TryComplete();
        _ended.TrySetResult();
    }

    /// <inheritdoc/>
    public string Kind => "sse";

    /// <inheritdoc/>
    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range)
    {
        var frames = range is null ? [] : SseEvents.Frames(range);
        return _items.Writer.WriteAsync(gap is null ? frames : [SseEvents.Gap(epoch, gap), .. frames]);
    }

    /// <inheritdoc/>
    public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) =>
        _items.Writer.WriteAsync([SseEvents.State(WireState.From(state, time.GetUtcNow(), breakers))]);

    /// <inheritdoc/>
    public ValueTask WriteReceiptAsync(Receipt receipt) => _items.Writer.WriteAsync([SseEvents.Receipt(WireReceipt.From(receipt))]);

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter)
    {
        try
        {
            await _items.Writer.WriteAsync([SseEvents.Closing(code, retryAfter)]).AsTask().WaitAsync(ClosePatience, time);
            _items.Writer.TryComplete();
            await _ended.Task.WaitAsync(ClosePatience, time);
        }
        catch (Exception e) when (e is TimeoutException or ChannelClosedException)
        {
            abort();
        }
    }
}
