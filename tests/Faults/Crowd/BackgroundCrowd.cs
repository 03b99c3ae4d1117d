using System.Globalization;
using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Stage;
using Connections.Testing;

namespace Connections.Faults.Tests.Crowd;

/// <summary>Users with tabs that get and send messages: what a fault does to them is what it costs.</summary>
/// <param name="settings">How many.</param>
/// <param name="prefix">How the users' names begin.</param>
/// <param name="open">Opens a tab of a user, by its name, at the n-th front, after a time.</param>
public sealed class BackgroundCrowd(StageSettings settings, string prefix, Func<string, string, int, TimeSpan, CrowdTab> open) : IAsyncDisposable
{
    private readonly string[] _users = [.. Enumerable.Range(0, settings.Users).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"))];
    private readonly HashSet<string> _witnessed = [];
    private CrowdTab[] _tabs = [];
    private int _newcomers;

    /// <summary>The tabs.</summary>
    public IReadOnlyList<CrowdTab> Tabs => _tabs;

    /// <summary>Opens all tabs; those of a user are <see cref="StageSettings.Users"/> apart.</summary>
    public void Come()
    {
        _witnessed.UnionWith(_users.Take(settings.Witnessed));
        var tabs = settings.Users * settings.TabsPerUser;
        _tabs = [.. Enumerable.Range(0, tabs).Select(i => Open(i, settings.ComeWithin * i / tabs))];
    }

    /// <summary>Whether the history of a user is written.</summary>
    public bool IsWitnessed(string user) => _witnessed.Contains(user);

    /// <summary>A user leaves with all tabs, and somebody new comes.</summary>
    public async Task ReplaceUserAsync(int index)
    {
        var places = Enumerable.Range(0, settings.TabsPerUser).Select(t => index + (t * settings.Users)).ToArray();
        await Task.WhenAll(places.Select(p => _tabs[p].DisposeAsync().AsTask()));
        _users[index] = string.Create(CultureInfo.InvariantCulture, $"{prefix}-newcomer-{_newcomers++}");
        foreach (var place in places)
            _tabs[place] = Open(place, TimeSpan.Zero);
    }

    /// <summary>Waits until every tab has a message that was made after now.</summary>
    public Task IsLiveAsync(TimeSpan within, Func<string>? seen = null)
    {
        var asked = TimeProvider.System.GetTimestamp();
        return Eventually.HoldsAsync(() => _tabs.All(t => t.NewestMade > asked), "every tab has new messages", within, () => Stragglers(t => t.NewestMade <= asked, seen));
    }

    /// <summary>Waits until every tab has what the backend sent last, and knows what became of what it sent itself. Nobody sends anything new.</summary>
    public Task IsAtRestAsync(ScriptedBackend backend, TimeSpan within)
    {
        foreach (var tab in _tabs)
            tab.Sends = false;
        return Eventually.HoldsAsync(() => _tabs.All(t => !Moves(t, backend)), "everything comes to rest", within, () => Stragglers(t => Moves(t, backend)));
    }

    /// <summary>Begins to measure anew.</summary>
    /// <returns>What each tab measured until now.</returns>
    public IReadOnlyList<TabWindow> BeginWindow() => [.. _tabs.Select(t => t.BeginWindow())];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_tabs.Select(t => t.DisposeAsync().AsTask()));

    private static bool Moves(CrowdTab tab, ScriptedBackend backend) => tab.NewestMade < backend.NewestMadeFor(tab.User) || tab.OpenMessages > 0;

    private CrowdTab Open(int place, TimeSpan after)
    {
        var (user, tab) = (_users[place % settings.Users], place / settings.Users);
        return open(user, string.Create(CultureInfo.InvariantCulture, $"{user}-tab{tab}"), place + tab, after);
    }

    private string Stragglers(Func<CrowdTab, bool> isLate, Func<string>? seen = null)
    {
        var late = _tabs.Where(isLate).ToArray();
        return $"{late.Length} of {_tabs.Length} not yet: {string.Join(", ", late.Take(10).Select(t => $"{t.Name} ({t.OpenMessages} messages open, last end: {t.LastEnd})"))}\n{seen?.Invoke()}";
    }
}
