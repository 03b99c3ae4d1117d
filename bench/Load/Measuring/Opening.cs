using Connections.Load.Subjects;
using Connections.Load.Tabs;

namespace Connections.Load.Measuring;

/// <summary>Opens tabs and waits for them.</summary>
internal static class Opening
{
    private const int PushpinDialling = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ShortestGreetInterval = TimeSpan.FromMilliseconds(100);

    // Of 20,000 users a greeting each 0.1 s would be 200,000 messages a second: more than a gateway takes, and none would ever be greeted.
    private static readonly TimeSpan GreetIntervalPerUser = TimeSpan.FromMicroseconds(100);

    /// <summary>Opens tabs, the first one of each user first.</summary>
    /// <param name="subject">Where.</param>
    /// <param name="options">How many users, and how fast.</param>
    /// <param name="tabs">How many of each user.</param>
    /// <param name="firstUser">The number of the first user.</param>
    /// <returns>The tabs, once all are open.</returns>
    public static async Task<TabSet> OpenAsync(Subject subject, LoadOptions options, int tabs, int firstUser = 0)
    {
        // Pushpin answers 502 when more of its requests to the origin are under way.
        var set = new TabSet(subject.Speech, subject.Way is Way.Pushpin ? Math.Min(options.Dialling, PushpinDialling) : options.Dialling);
        for (var tab = 0; tab < tabs; tab++)
        {
            for (var user = 0; user < options.Users; user++)
                set.Add(firstUser + user, subject.Ports[(user + (options.Together ? 0 : tab)) % subject.Ports.Length]);
        }

        set.Open();
        await Waiting.ForAsync(
            () =>
            {
                set.ThrowIfFailed();
                return Task.FromResult(set.OpenNow == tabs * options.Users);
            },
            Patience,
            () => $"{tabs * options.Users} tabs are open: {set.OpenNow} are, {set.Lost} lost their line, the last one by {set.LastClose ?? "no word"}");
        return set;
    }

    /// <summary>Has the backend greet until every tab heard it: from then on each must get every message.</summary>
    public static async Task GreetAsync(Subject subject, LoadOptions options, TabSet tabs)
    {
        var interval = GreetIntervalPerUser * options.Users;
        if (interval < ShortestGreetInterval)
            interval = ShortestGreetInterval;
        var greeted = 0L;
        await Waiting.ForAsync(
            () =>
            {
                if (TimeProvider.System.GetElapsedTime(greeted) > interval)
                {
                    subject.Backend.Greet(options.Payload);
                    greeted = TimeProvider.System.GetTimestamp();
                }

                tabs.ThrowIfFailed();
                return Task.FromResult(tabs.GreetedNow == tabs.All.Count);
            },
            Patience,
            () => $"{tabs.All.Count} tabs hear their backend: {tabs.GreetedNow} do, {tabs.Lost} lost their line, the last one by {tabs.LastClose ?? "no word"}");
    }
}
