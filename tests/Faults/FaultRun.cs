using System.Globalization;
using Connections.Faults.Tests.Crowd;
using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests;

/// <summary>Plays a row: quiet, fault, heal, recovery, judgement.</summary>
public sealed class FaultRun(GatewayStage stage, Fault fault)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly List<string> _problems = [];

    /// <summary>Plays it.</summary>
    public async Task<FaultResult> PlayAsync()
    {
        await stage.BeginAsync();
        stage.Crowd.BeginWindow();
        await Task.Delay(Quiet, Time);
        var quiet = Percentile.P99(stage.Crowd.BeginWindow().SelectMany(w => w.Latencies));

        var measured = new List<string>();
        try
        {
            await FaultAsync(measured);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a row throws is its verdict.
            _problems.Add($"{e.GetType().Name}: {e.Message}");
        }

        var windows = stage.Crowd.BeginWindow();
        measured.Add(Judge(windows, quiet));
        measured.AddRange(stage.Notes);
        _problems.AddRange(stage.Ended());
        _problems.AddRange(await stage.EndAsync(fault.OwnersMayOverlap));
        return new FaultResult(fault, string.Join("; ", measured), _problems);
    }

    private async Task FaultAsync(List<string> measured)
    {
        var began = Time.GetTimestamp();
        var heal = await fault.Inject(stage);
        try
        {
            if (fault.LiveWithin is { } limit)
                measured.Add(await IsLiveAsync("all live", began, limit));
            if (fault.Lasts - Time.GetElapsedTime(began) is { Ticks: > 0 } rest)
                await Task.Delay(rest, Time);
        }
        finally
        {
            await heal();
        }

        var healed = Time.GetTimestamp();
        var back = await IsLiveAsync("after the fault", healed, fault.BackWithin);
        if (fault.LiveWithin is null)
            measured.Add(back);
    }

    private async Task<string> IsLiveAsync(string what, long since, TimeSpan within)
    {
        try
        {
            await stage.Crowd.IsLiveAsync(Patience, stage.Output);
        }
        catch (TimeoutException e)
        {
            _problems.Add(e.Message);
        }

        var took = Time.GetElapsedTime(since);
        if (took > within)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{what} took {took.TotalSeconds:0.0} s where {within.TotalSeconds:0.0} s are allowed"));
        return string.Create(CultureInfo.InvariantCulture, $"{what} {took.TotalSeconds:0.0} s");
    }

    private string Judge(IReadOnlyList<TabWindow> windows, double quiet)
    {
        var isTouched = stage.Crowd.Tabs.Select((t, i) => windows[i].IsTouched || stage.Hit.Contains(t.User)).ToArray();
        var touched = windows.Where((_, i) => isTouched[i]).ToArray();
        var others = windows.Where((_, i) => !isTouched[i]).ToArray();
        var gaps = windows.Sum(w => w.Gaps);
        if (fault.Touches == Touches.Nobody && touched.Length > 0)
            _problems.Add($"{touched.Length} tabs were touched and none was to be: {string.Join(", ", stage.Crowd.Tabs.Where((_, i) => isTouched[i]).Take(5).Select(t => $"{t.Name} ({t.LastEnd})"))}");
        if (fault.Touches != Touches.Nobody && touched.Length == 0)
            _problems.Add("nobody was touched: the fault was none");
        if (fault.Touches == Touches.Some && others.Length == 0)
            _problems.Add("every tab was touched, and some only were to be");
        if (gaps > 0 && !fault.MayLoseLogs)
            _problems.Add($"{gaps} gaps were told, and no log was to be lost");
        var who = touched.Length == 0 ? "nobody touched" : $"{touched.Length} of {windows.Count} tabs touched, {windows.Sum(w => w.Interruptions)} lines ended, {gaps} gaps told";
        if (others.Length == 0)
            return who;
        var p99 = Percentile.P99(others.SelectMany(w => w.Latencies));
        var limit = Math.Max(2 * quiet, Percentile.FloorMs) + fault.Slows.TotalMilliseconds;
        if (p99 > limit)
        {
            var late = stage.Crowd.Tabs.Where((_, i) => !isTouched[i] && windows[i].Latencies.DefaultIfEmpty().Max() > limit).Select(t => t.Name).ToArray();
            _problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"p99 of the others {p99:0} ms, quiet {quiet:0} ms: more than {limit:0} ms; late were {late.Length} of {others.Length} tabs: {string.Join(", ", late.Take(10))}"));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{who}; p99 of the others {p99:0} ms (quiet {quiet:0} ms)");
    }
}
