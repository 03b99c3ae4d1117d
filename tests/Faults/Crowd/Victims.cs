using System.Globalization;
using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Stage;
using Connections.Testing;

namespace Connections.Faults.Tests.Crowd;

/// <summary>Users that a fault is meant for; no part of the crowd, whom it must not reach.</summary>
public sealed class Victims : IAsyncDisposable
{
    /// <summary>How their names begin.</summary>
    public const string Prefix = "victim";

    private static int _groups;

    private readonly GatewayStage _stage;

    private Victims(GatewayStage stage, int count)
    {
        _stage = stage;
        var group = Interlocked.Increment(ref _groups);
        Users = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{group}-{i}"))];
        Tabs = [.. Users.Select((user, i) => stage.OpenTab(user, $"{user}-tab", i))];
    }

    /// <summary>Who.</summary>
    public IReadOnlyList<string> Users { get; }

    /// <summary>One tab each.</summary>
    public IReadOnlyList<CrowdTab> Tabs { get; }

    /// <summary>Brings some, who may have to wait.</summary>
    public static Victims Begin(GatewayStage stage, int count) => new(stage, count);

    /// <summary>Brings some, and waits until they have messages.</summary>
    public static async Task<Victims> ComeAsync(GatewayStage stage, int count)
    {
        var victims = new Victims(stage, count);
        await victims.AreLiveAsync();
        victims.BeginWindow();
        return victims;
    }

    /// <summary>Plays a script to all of them, whose open connections are ended by RST.</summary>
    public void Play(Script script)
    {
        foreach (var user in Users)
        {
            _stage.Backend.Play(user, script);
            _stage.Backend.Reset(user);
        }
    }

    /// <summary>Gives them a healthy backend again.</summary>
    public void Forget()
    {
        foreach (var user in Users)
            _stage.Backend.Forget(user);
    }

    /// <summary>Waits until every one has a message made after now.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> AreLiveAsync(int withinSeconds = 30)
    {
        var time = TimeProvider.System;
        var asked = time.GetTimestamp();
        await Eventually.HoldsAsync(
            () => Tabs.All(t => t.NewestMade > asked), "every victim has new messages", TimeSpan.FromSeconds(withinSeconds),
            () => $"{Tabs.Count(t => t.NewestMade <= asked)} have none\n{_stage.Output()}");
        return time.GetElapsedTime(asked);
    }

    /// <summary>Waits until every one has seen so many markers of its upstream since the window began.</summary>
    public Task SeeMarkersAsync(int count, int withinSeconds = 30) => Eventually.HoldsAsync(
        () => Tabs.All(t => t.Window.Markers >= count), $"every victim has seen {count} markers", TimeSpan.FromSeconds(withinSeconds),
        () => $"seen: {string.Join(", ", Tabs.Select(t => t.Window.Markers))}\n{_stage.Output()}");

    /// <summary>Begins to measure them anew.</summary>
    public void BeginWindow()
    {
        foreach (var tab in Tabs)
            tab.BeginWindow();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Who leaves with a message on its way does not learn what became of it, and that would look like a broken promise.
        foreach (var tab in Tabs)
            tab.Sends = false;
        await Eventually.HoldsAsync(() => Tabs.All(t => t.OpenMessages == 0), "the victims know what became of what they sent", TimeSpan.FromSeconds(15));
        await Task.WhenAll(Tabs.Select(t => t.DisposeAsync().AsTask()));
    }
}
