using System.Globalization;
using Connections.Load.Subjects;
using Connections.Load.Tabs;

namespace Connections.Load.Measuring;

/// <summary>What can be measured of a way by itself.</summary>
internal static class Measurements
{
    private const double SlowMilliseconds = 250;
    private const double KeptUp = 0.97;
    private const int Bisections = 4;

    /// <summary>Messages at a rate.</summary>
    public static async Task RateAsync(Subject subject, LoadOptions options)
    {
        using var tabs = await OpenedAsync(subject, options);
        Console.WriteLine(Figures.Head);
        Console.WriteLine(await new Run(subject, options, tabs).MeasureAsync(options.Rate));
    }

    /// <summary>The most deliveries without loss of which 99 % come within 250 ms: twice the rate until that fails, then between the last two.</summary>
    public static async Task PeakAsync(Subject subject, LoadOptions options)
    {
        Console.WriteLine(Figures.Head);
        var (held, failed) = (0, 0);
        for (var rate = options.Rate; failed == 0 || held == 0; rate = failed == 0 ? rate * 2 : rate / 2)
        {
            if (await HoldsAsync(rate))
                held = Math.Max(held, rate);
            else
                failed = rate;
        }

        for (var i = 0; i < Bisections; i++)
        {
            var rate = (held + failed) / 2;
            (held, failed) = await HoldsAsync(rate) ? (rate, failed) : (held, rate);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{subject.Way}: {(long)held * options.Tabs:N0} deliveries/s of {options.Payload} bytes hold, {(long)failed * options.Tabs:N0} do not."));

        // With tabs of its own: too much for a way may end them.
        async Task<bool> HoldsAsync(int rate)
        {
            using var tabs = await OpenedAsync(subject, options);
            var figures = await new Run(subject, options, tabs).MeasureAsync(rate);
            Console.WriteLine(figures);
            return figures is { Lost: 0, P99: < SlowMilliseconds } && figures.Made > KeptUp * rate;
        }
    }

    /// <summary>All tabs at once, each time of users who were not there before.</summary>
    public static async Task StormAsync(Subject subject, LoadOptions options)
    {
        Console.WriteLine("| way | storm | tabs | users | ms until all are open | ms until the backend has all | dials | most in any second |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        for (var storm = 0; storm < options.Rounds; storm++)
        {
            subject.Backend.Reset();
            var began = TimeProvider.System.GetTimestamp();
            using var tabs = await Opening.OpenAsync(subject, options, options.Tabs, storm * options.Users);
            var expected = subject.Speech.UpstreamPerTab ? tabs.All.Count : subject.Way is Way.Nchan or Way.Pushpin ? 0 : options.Users;
            await Waiting.ForAsync(() => Task.FromResult(subject.Backend.Stats().Dials >= expected), TimeSpan.FromSeconds(60), () => $"the backend has {expected} dials");
            var all = TimeProvider.System.GetElapsedTime(began);
            var (_, dials, most) = subject.Backend.Stats();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Way} | {storm + 1} | {tabs.All.Count:N0} | {options.Users:N0} | {TimeProvider.System.GetElapsedTime(began, tabs.LastOpened).TotalMilliseconds:N0} | {all.TotalMilliseconds:N0} | {dials:N0} | {most:N0} |"));
        }
    }

    /// <summary>The backend cuts all connections and turns everyone away for a while: who comes back how fast, and how hard is it dialled meanwhile?</summary>
    public static async Task OutageAsync(Subject subject, LoadOptions options)
    {
        using var tabs = await OpenedAsync(subject, options);
        subject.Backend.Reset();
        tabs.ForgetGreetings();
        subject.Backend.BeAway(options.Outage);
        await Waiting.ForAsync(TimeSpan.FromSeconds(options.Outage));
        var (_, away, mostAway) = subject.Backend.Stats();
        subject.Backend.Reset();
        var back = TimeProvider.System.GetTimestamp();
        if (tabs.Lost == 0)
            await Opening.GreetAsync(subject, options, tabs);
        var after = TimeProvider.System.GetElapsedTime(back);
        var (_, dials, most) = subject.Backend.Stats();
        Console.WriteLine("| way | users | tabs | away s | tabs lost | dials while away | most in any second | ms until all hear again | dials then | most in any second |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {subject.Way} | {options.Users:N0} | {tabs.All.Count:N0} | {options.Outage} | {tabs.Lost:N0} | {away:N0} | {mostAway:N0} | {(tabs.Lost == 0 ? after.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture) : "")} | {dials:N0} | {most:N0} |"));
    }

    /// <summary>What tabs without messages hold: first one tab of each user, then the others.</summary>
    public static async Task IdleAsync(Subject subject, LoadOptions options)
    {
        var pids = subject.Processes.Select(p => p.Pid).ToArray();
        var empty = await SettledAsync();
        using var firsts = await Crowd.OpenAsync(subject, options, 0, 1);
        var users = await SettledAsync();
        using var others = await Crowd.OpenAsync(subject, options, 1, options.Tabs - 1);
        var all = await SettledAsync();
        var more = options.Users * (options.Tabs - 1);
        Console.WriteLine("| way | users | tabs | | empty MB | kB per user with its first tab | kB per further tab | kB per tab, all in all |");
        Console.WriteLine("|---|---:|---:|---|---:|---:|---:|---:|");
        Row("RSS", c => c.Rss);
        Row("PSS", c => c.Pss);
        if (firsts.Lost + others.Lost > 0)
            Console.WriteLine($"{firsts.Lost + others.Lost} tabs lost their line.");

        void Row(string name, Func<ProcessCost, long> of) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {subject.Way} | {options.Users:N0} | {options.Users * options.Tabs:N0} | {name} | {of(empty) / 1e6:0.0} | {Each(of(users) - of(empty), options.Users)} | {Each(of(all) - of(users), more)} | {Each(of(all) - of(empty), options.Users + more)} |"));

        static string Each(long bytes, int count) => count == 0 ? "" : (bytes / 1e3 / count).ToString("0.0", CultureInfo.InvariantCulture);

        async Task<ProcessCost> SettledAsync()
        {
            await Waiting.ForAsync(TimeSpan.FromSeconds(options.Seconds));
            return ProcessCost.Of(pids);
        }
    }

    private static async Task<TabSet> OpenedAsync(Subject subject, LoadOptions options)
    {
        var tabs = await Opening.OpenAsync(subject, options, options.Tabs);
        await Opening.GreetAsync(subject, options, tabs);
        return tabs;
    }
}
