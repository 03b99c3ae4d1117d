using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Crowd;
using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests.Rows;

/// <summary>The backend goes, or is in the way.</summary>
public static class UpstreamRows
{
    private const int Count = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FlapLasts = 2 * Second;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("upstream reset (RST)", "10 users: a marker, a new dial, live within 5 s in the same epoch; nobody else notices", ResetAsync),
        new("upstream half-open", "10 users: found by pings (3 + 2 s here), a marker, live again with the backend", s => PlayAsync(s, Scripts.HalfOpen(), markers: 2)),
        new("upstream takes dials and never answers", "10 users: each dial ends after its 3 s, live again with the backend", s => PlayAsync(s, Scripts.NeverAnswer(), markers: 1)),
        new("upstream down", "everybody waits, dials stay within the budget; all live within 10 s of its return", DownAsync)
        {
            Touches = Touches.All, LiveWithin = null, Lasts = 10 * Second,
        },
        new("upstream flaps (2 s up, 2 s down)", "10 users: breakers open, dials grow sparse; live within 15 s of its end", FlapAsync) { Lasts = 16 * Second },
        new("upstream 503 with Retry-After: 6", "10 users: nobody is dialled before 6 s are over", RetryAfterAsync),
        new("upstream flood (2,000/s to one user)", "the user gets them or is told; nobody else waits for it", FloodAsync),
        new("upstream line: 40 ms latency, 40 ms jitter, one byte at a time", "everything comes, later by that", s => SpoilAsync(s, new LineFault
        {
            Latency = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(40), SplitAt = 1,
        }))
        {
            Slows = TimeSpan.FromMilliseconds(80),
        },
        new("upstream line cut in the middle of a frame", "a marker for everybody, new dials in the same epoch, live within 10 s of its end", s => SpoilAsync(s, new LineFault { CutAfter = 301 }))
        {
            Touches = Touches.All, LiveWithin = null,
        },
        new("upstream line is a black hole", "found by pings, markers, live within 10 s of its end", s => SpoilAsync(s, LineFault.BlackHole))
        {
            Touches = Touches.All, LiveWithin = null, Lasts = 12 * Second,

            // What was held comes at once when the line is mended, in any order: the end of an old upstream, and dials that were given up long ago.
            OwnersMayOverlap = Second,
        },
    ];

    /// <summary>Plays a script to some users until each has seen so many markers, and gives them a healthy backend again.</summary>
    internal static async Task<Heal> PlayAsync(GatewayStage stage, Script script, int markers)
    {
        var victims = await Victims.ComeAsync(stage, Count);
        victims.Play(script);
        return async () =>
        {
            await victims.SeeMarkersAsync(markers);
            victims.Forget();
            stage.Note($"victims live {(await victims.AreLiveAsync()).TotalSeconds:0.0} s after it");
            await victims.DisposeAsync();
        };
    }

    private static async Task<Heal> ResetAsync(GatewayStage stage)
    {
        var victims = await Victims.ComeAsync(stage, Count);
        victims.Play(stage.Backend.Serve);
        stage.Note($"victims live after {(await victims.AreLiveAsync(5)).TotalSeconds:0.0} s");
        return async () =>
        {
            if (victims.Tabs.Any(t => t.Window.Gaps > 0 || t.Window.Markers != 2))
                throw new InvalidOperationException("The victims were to see two markers and no gap.");
            await victims.DisposeAsync();
        };
    }

    private static Task<Heal> DownAsync(GatewayStage stage)
    {
        stage.Backend.Stop();
        stage.Backend.Reset();
        var dials = stage.Backend.Dials;
        return Task.FromResult<Heal>(() =>
        {
            stage.Backend.Start();
            stage.Note($"{stage.Backend.Dials - dials} dials reached the port meanwhile");
            return Task.CompletedTask;
        });
    }

    private static async Task<Heal> FlapAsync(GatewayStage stage)
    {
        var victims = await Victims.ComeAsync(stage, Count);
        var stop = new CancellationTokenSource();
        var dials = victims.Users.Sum(stage.Backend.DialsOf);
        var flapping = FlapAsync(victims, stage, stop.Token);
        return async () =>
        {
            await stop.CancelAsync();
            await flapping;
            stop.Dispose();
            victims.Forget();
            stage.Note($"{victims.Users.Sum(stage.Backend.DialsOf) - dials} dials of {Count} users while it flapped");
            stage.Note($"victims live {(await victims.AreLiveAsync(15)).TotalSeconds:0.0} s after it");
            await victims.DisposeAsync();
        };
    }

    private static async Task FlapAsync(Victims victims, GatewayStage stage, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                victims.Play(Scripts.ResetAtOnce());
                await Task.Delay(FlapLasts, TimeProvider.System, ct);
                victims.Play(stage.Backend.Serve);
                await Task.Delay(FlapLasts, TimeProvider.System, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static async Task<Heal> RetryAfterAsync(GatewayStage stage)
    {
        var victims = await Victims.ComeAsync(stage, Count);
        var dials = victims.Users.ToDictionary(u => u, stage.Backend.DialsOf);
        var began = TimeProvider.System.GetTimestamp();
        victims.Play(Scripts.Refuse(503, "Retry-After: 6\r\n"));
        await Eventually.HoldsAsync(() => victims.Users.All(u => stage.Backend.DialsOf(u) > dials[u]), "every victim was refused", seen: stage.Output);
        victims.Forget();
        return async () =>
        {
            // The fault has lasted 5 s, and whoever dials after its refusal would be let in by now.
            if (victims.Users.Where(u => stage.Backend.DialsOf(u) > dials[u] + 1).ToArray() is { Length: > 0 } early)
                throw new InvalidOperationException($"Retry-After of 6 s was not honoured: dialled again were {string.Join(", ", early)}.");
            await victims.AreLiveAsync(15);
            stage.Note($"victims live after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
            await victims.DisposeAsync();
        };
    }

    private static async Task<Heal> FloodAsync(GatewayStage stage)
    {
        const int perSecond = 2_000;
        var victims = await Victims.ComeAsync(stage, 1);
        victims.Play(stage.Backend.ServeAt(Second / perSecond));
        return async () =>
        {
            victims.Forget();
            victims.Play(stage.Backend.Serve);
            await victims.AreLiveAsync();
            var window = victims.Tabs[0].Window;
            stage.Note($"the victim's tab took {window.Latencies.Length} messages, {window.Gaps} gaps told");
            await victims.DisposeAsync();
        };
    }

    private static Task<Heal> SpoilAsync(GatewayStage stage, LineFault fault)
    {
        stage.UpstreamLine.Fault = fault;
        return Task.FromResult<Heal>(() =>
        {
            stage.UpstreamLine.Fault = LineFault.None;
            return Task.CompletedTask;
        });
    }
}
