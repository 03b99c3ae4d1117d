using Connections.Grains.Abstractions.Delivery;
using Orleans.Streams;

namespace Connections.HotPath.Front;

/// <summary>Measures one way at a light load, at a full one, and at a heavy one if it kept up with the full one.</summary>
internal sealed class Measurement(FrontProcess front, Way way)
{
    /// <summary>How many users the messages are spread over.</summary>
    public const int Users = 1_000;

    private const int LightLoad = 1_000;
    private const int FullLoad = 20_000;
    private const int HeavyLoad = 60_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeptUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Arrivals _arrivals = new();
    private readonly IProducerGrain _producer = front.Cluster.GetGrain<IProducerGrain>(0);
    private int _run;

    /// <summary>Measures it and reports each row.</summary>
    public async Task RunAsync(Action<Figures> report)
    {
        if (way is Way.Stream or Way.FastStream)
            await SubscribeAsync();
        var sink = front.Cluster.CreateObjectReference<IFrontSink>(_arrivals);
        var receiver = front.Cluster.CreateObjectReference<IReceiver>(_arrivals);
        await _producer.Open(way, Users, sink, receiver);
        if (way is not Way.Nowhere)
        {
            await ReachEveryUserAsync();
            report(await AtAsync(LightLoad));
        }

        var full = await AtAsync(FullLoad);
        report(full);
        if (way is not Way.Nowhere && full.Missing == 0 && full.P99 < KeptUp)
            report(await AtAsync(HeavyLoad));
    }

    // A stream looks its readers up at its first message: that is not what is measured here.
    private async Task ReachEveryUserAsync()
    {
        var from = _time.GetTimestamp();
        var to = After(TimeSpan.FromSeconds(1.1), from);
        var tally = Count(LightLoad, from, to);
        var made = await _producer.Make(_run, LightLoad, from, to);
        await AllHereAsync(tally, made, TimeSpan.FromSeconds(4));
    }

    private async Task<Figures> AtAsync(int perSecond)
    {
        var from = After(WarmUp, _time.GetTimestamp());
        var to = After(Measured, from);
        var tally = Count(perSecond, from, to);

        var making = _producer.Make(_run, perSecond, from, to);
        await UntilAsync(from);
        var (siloBefore, frontBefore) = (front.SiloCpu, Environment.CpuUsage.TotalTime);
        await UntilAsync(to);
        var (silo, own) = (front.SiloCpu - siloBefore, Environment.CpuUsage.TotalTime - frontBefore);
        var arrived = tally.InWindow;
        var made = await making;

        if (way is not Way.Nowhere)
            await AllHereAsync(tally, made, Drain);
        var messages = Math.Max(1, way is Way.Nowhere ? made : arrived);
        return new Figures(
            way,
            perSecond,
            tally.Latency(0.5),
            tally.Latency(0.99),
            arrived / Measured.TotalSeconds,
            silo.TotalMicroseconds / messages,
            own.TotalMicroseconds / messages,
            Math.Max(0, made - tally.Count),
            tally.OutOfOrder);
    }

    private Tally Count(int perSecond, long from, long to) =>
        _arrivals.Tally = new Tally(++_run, Users, (int)(perSecond * _time.GetElapsedTime(from, to).TotalSeconds * 1.5), from, to, _time);

    private async Task AllHereAsync(Tally tally, int made, TimeSpan within)
    {
        for (var end = After(within, _time.GetTimestamp()); tally.Count < made && _time.GetTimestamp() < end;)
            await Task.Delay(Poll, _time);
    }

    private async Task SubscribeAsync()
    {
        var provider = front.Cluster.GetStreamProvider(Names.StreamProvider);
        await Task.WhenAll(Enumerable.Range(0, Users).Select(user =>
            provider.GetStream<byte[]>(Names.Stream(user)).SubscribeAsync((message, _) => _arrivals.Receive(message))));
    }

    private Task UntilAsync(long timestamp)
    {
        var left = _time.GetElapsedTime(_time.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? Task.Delay(left, _time) : Task.CompletedTask;
    }

    private long After(TimeSpan duration, long timestamp) => timestamp + (long)(duration.TotalSeconds * _time.TimestampFrequency);
}
