using System.Threading.Channels;

namespace Connections.Backend.Sockets;

/// <summary>What waits for one connection. Bounded, with one reader, so that a slow consumer holds nobody else back.</summary>
internal sealed class SendQueue(int capacity)
{
    private readonly Channel<Outgoing> _channel =
        Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>False when the queue is full or completed.</summary>
    internal bool TryAdd(Outgoing message) => _channel.Writer.TryWrite(message);

    /// <summary>Waits for room; false when the queue was completed.</summary>
    internal async ValueTask<bool> AddAsync(Outgoing message)
    {
        while (!_channel.Writer.TryWrite(message))
        {
            if (!await _channel.Writer.WaitToWriteAsync())
                return false;
        }

        return true;
    }

    /// <summary>Takes nothing more; what waits is still sent.</summary>
    internal void Complete() => _channel.Writer.TryComplete();

    internal IAsyncEnumerable<Outgoing> ReadAllAsync(CancellationToken cancellation) => _channel.Reader.ReadAllAsync(cancellation);
}
