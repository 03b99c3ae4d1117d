using Connections.Load.Subjects;
using Connections.Load.Tabs;

namespace Connections.Load.Measuring;

/// <summary>Messages at a rate to tabs that are open.</summary>
internal sealed class Run(Subject subject, LoadOptions options, TabSet tabs)
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly int[] _gateway = [.. subject.Processes.Select(p => p.Pid)];

    /// <summary>Sends, measures, and waits for what is still on its way.</summary>
    public Task<Figures> MeasureAsync(int rate) => MeasureAsync(rate, options.WarmUp, options.Seconds);

    /// <summary>Sends so long before it measures, and so long meanwhile, in seconds.</summary>
    public async Task<Figures> MeasureAsync(int rate, int warmUp, int seconds)
    {
        tabs.Start();
        var began = subject.Backend.Send(options.Users, rate, warmUp + seconds, options.Payload);
        var from = began + (warmUp * _time.TimestampFrequency);
        var to = from + (seconds * _time.TimestampFrequency);
        tabs.Measure(from, to);
        var before = await CostsAtAsync(from);
        var after = await CostsAtAsync(to);
        var made = subject.Backend.Made();
        var lost = await DrainAsync(made);
        var deliveries = Math.Max(1, tabs.Latency.TotalCount);
        return new Figures
        {
            Way = subject.Way.ToString(),
            Upstreams = subject.Backend.Stats().Connections,
            Asked = rate,
            Made = (double)made / (warmUp + seconds),
            Deliveries = tabs.Latency.TotalCount / (double)seconds,
            P50 = At(50),
            P99 = At(99),
            P999 = At(99.9),
            Max = At(100),
            Gateway = (after.Gateway - before.Gateway).TotalMicroseconds / deliveries,
            Backend = (after.Backend - before.Backend).TotalMicroseconds / deliveries,
            Generator = (after.Generator - before.Generator).TotalMicroseconds / deliveries,
            Lost = lost,
            Doubles = tabs.All.Sum(t => t.Sequence.Doubles),
            Late = tabs.All.Sum(t => t.Sequence.Late),
        };
    }

    private double At(double percentile) => tabs.Latency.GetValueAtPercentile(percentile) / 1_000.0;

    private async Task<(TimeSpan Gateway, TimeSpan Backend, TimeSpan Generator)> CostsAtAsync(long at)
    {
        var left = _time.GetElapsedTime(_time.GetTimestamp(), at);
        if (left > TimeSpan.Zero)
            await Waiting.ForAsync(left);
        return (ProcessCost.Of(_gateway).Cpu, ProcessCost.Of(subject.Backend.Pid).Cpu, Environment.CpuUsage.TotalTime);
    }

    private async Task<long> DrainAsync(long made)
    {
        var expected = tabs.All.Select(t => (made / options.Users) + (t.User < made % options.Users ? 1 : 0)).ToArray();
        long Missing() => tabs.All.Select((t, i) => expected[i] - t.Sequence.Received).Sum();
        var began = _time.GetTimestamp();
        while (Missing() > 0 && _time.GetElapsedTime(began) < DrainPatience)
            await Waiting.ForAsync(TimeSpan.FromMilliseconds(20));
        return Missing();
    }
}
