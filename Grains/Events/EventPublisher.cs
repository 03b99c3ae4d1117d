using System.Threading.Channels;
using Connections.Grains.Abstractions.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Connections.Grains.Events;

/// <summary>
/// Publishes what happens to users' connections on the events stream. Never holds anyone up: events wait in a bounded queue, and when
/// the stream does not keep up the oldest are dropped and counted.
/// </summary>
internal sealed partial class EventPublisher : BackgroundService
{
    private const int QueueLength = 4_096;

    private readonly Channel<ConnectionEvent> _queue;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger<EventPublisher> _logger;
    private readonly string _silo;
    private long _dropped;

    public EventPublisher(IServiceProvider services, ILocalSiloDetails silo, TimeProvider time, ILogger<EventPublisher> logger)
    {
        _services = services;
        _time = time;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
        _queue = Channel.CreateBounded<ConnectionEvent>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Puts an event into the queue.</summary>
    public void Publish(ConnectionEventKind kind, string userId, string? detail = null) =>
        _queue.Writer.TryWrite(new ConnectionEvent(kind, userId, _time.GetUtcNow().ToUnixTimeMilliseconds(), _silo, detail));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<ConnectionEvent>();
                while (batch.Count < 100 && _queue.Reader.TryRead(out var next))
                    batch.Add(next);
                await PublishAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task PublishAsync(List<ConnectionEvent> batch)
    {
        try
        {
            var provider = _services.GetRequiredKeyedService<IStreamProvider>(StreamNames.Provider);
            var stream = provider.GetStream<ConnectionEvent>(StreamId.Create(StreamNames.Events, StreamNames.EventsKey));
            await stream.OnNextBatchAsync(batch);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Interlocked.Add(ref _dropped, batch.Count);
            Log.PublishFailed(_logger, batch.Count, Interlocked.Read(ref _dropped), e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Warning, "{Count} events could not be published; {Dropped} dropped since the start")]
        public static partial void PublishFailed(ILogger logger, int count, long dropped, Exception error);
    }
}
