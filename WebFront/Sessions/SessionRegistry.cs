using System.Collections.Concurrent;
using Connections.Grains.Abstractions;
using Connections.WebFront.Identity;
using Connections.WebFront.Telemetry;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sessions;

/// <summary>The users of this front. Every way in takes its tabs in and lets them go here.</summary>
internal sealed class SessionRegistry(SessionServices services, TokenLeases leases, IOptions<FrontOptions> options, TimeProvider time)
{
    private static readonly TimeSpan DetachPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, UserSession> _sessions = new(StringComparer.Ordinal);
    private long _lastTab;
    private int _tabs;
    private volatile bool _stopping;

    /// <summary>The sessions now. Not a copy: thousands of them, once a second, would be the large heap's.</summary>
    public IEnumerable<UserSession> Sessions => _sessions.Select(s => s.Value);

    /// <summary>How many there are.</summary>
    public int Users => _sessions.Count;

    /// <summary>How many tabs there are.</summary>
    public int Tabs => Volatile.Read(ref _tabs);

    /// <summary>The session of a user that has tabs here.</summary>
    public UserSession? Find(string userId) => _sessions.GetValueOrDefault(userId);

    /// <summary>Takes a tab in; <see cref="Remove"/> must follow, whatever happens.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="writer">How it is written to.</param>
    public Tab Add(Caller caller, ITabWriter writer)
    {
        var user = caller.User;
        while (true)
        {
            var session = _sessions.GetOrAdd(user.Value, _ => new UserSession(user, services));
            session.Offer(caller.Token);
            var tab = new Tab($"{services.FrontId}/{Interlocked.Increment(ref _lastTab)}", session, writer, time);
            if (session.TryAdd(tab))
            {
                tab.SharesLease = caller.Lease is not null;
                tab.Lease = caller.Lease ?? leases.Hold(caller, () => _ = tab.CloseAsync(CloseCode.Unauthorized));
                Interlocked.Increment(ref _tabs);
                TabMetrics.Attached(tab.Kind);
                if (_stopping)
                    _ = CloseAsync(tab);
                return tab;
            }

            _sessions.TryRemove(new(user.Value, session));
        }
    }

    /// <summary>Lets a tab go; after a user's last one the grain is told at once.</summary>
    public void Remove(Tab tab)
    {
        tab.Gone();
        Interlocked.Decrement(ref _tabs);
        if (!tab.SharesLease)
            tab.Lease.Dispose();
        TabMetrics.Left(tab.Kind, tab.Age);
        if (tab.Session.Remove(tab))
            _ = ForgetAsync(tab.Session, tab.Lease.HasEnded);
    }

    /// <summary>Closes all tabs of a user for good, and detaches it: what their lines do meanwhile brings nothing back.</summary>
    /// <returns>How many tabs there were.</returns>
    public async Task<int> DisconnectAsync(string userId)
    {
        if (Find(userId) is not { } session || !session.End())
            return 0;
        var tabs = session.Tabs;
        await Task.WhenAll([ForgetAsync(session), .. tabs.Select(t => t.CloseAsync(CloseCode.Disconnected))]);
        return tabs.Count;
    }

    /// <summary>Tells every tab that this front stops, spread so that they do not come back all at once, and detaches every user.</summary>
    public async Task CloseAllAsync(CancellationToken ct)
    {
        _stopping = true;
        var sessions = _sessions.Values.ToArray();
        await Task.WhenAll(sessions.SelectMany(s => s.Tabs).Select(CloseAsync))
            .WaitAsync(ct);
        await Task.WhenAll(sessions.Select(s => s.DetachAsync(ct)));
    }

    private async Task ForgetAsync(UserSession session, bool tokenEnded = false)
    {
        _sessions.TryRemove(new(session.User.Value, session));
        SessionMetrics.Ended();
        using var limit = new CancellationTokenSource(DetachPatience, time);
        try
        {
            await session.DetachAsync(limit.Token, tokenEnded);
        }
        catch (OperationCanceledException)
        {
            // The owner is gone, and the attachment with it.
        }
    }

    private Task CloseAsync(Tab tab) => tab.CloseAsync(CloseCode.GoingAway, options.Value.ReconnectSpread * services.Random());
}
