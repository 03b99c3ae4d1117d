using System.Globalization;

namespace Connections.Simulation.Tests.World;

/// <summary>What a seed does to its world.</summary>
internal sealed class Faults(World world)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private readonly Random _dice = new(unchecked((world.Loop.Random.Next() * 17) + 3));
    private bool _over;

    /// <summary>From now on things go wrong.</summary>
    public void Begin(TimeSpan duration)
    {
        for (var i = 3 + _dice.Next(12); i > 0; i--)
            world.Loop.After((duration - Longest) * _dice.NextDouble(), Strike);
        if (_dice.Next(4) == 0)
        {
            // Owners overlap for as long as a silo hangs after it was replaced.
            world.OwnersMayOverlap = TimeSpan.FromSeconds(10);
            world.Loop.After(duration * 0.2 * _dice.NextDouble(), () => Hang(TimeSpan.FromSeconds(8 + (6 * _dice.NextDouble()))));
        }
    }

    /// <summary>Everything is mended, and nothing goes wrong any more.</summary>
    public void End()
    {
        _over = true;
        world.Network.Weather.Calm();
        (world.Cluster.Store.Away, world.Cluster.Store.AnswersLost) = (false, 0);
        world.Backend.Refuses = false;
        foreach (var tab in world.Tabs)
        {
            if (tab.Line is { } line)
                line.Slowness = TimeSpan.Zero;
        }
    }

    private TimeSpan Duration => Longest * _dice.NextDouble();

    private void Strike()
    {
        if (_over)
            return;
        var weather = world.Network.Weather;
        switch (_dice.Next(20))
        {
            case 0:
                Kill();
                break;
            case 1:
                Hang(TimeSpan.FromSeconds(0.2) + Duration);
                break;
            case 2 when world.Cluster.Silos.LastOrDefault(s => s.Node.Runs) is { } silo:
                Say($"drains {silo.Node.Name}");
                world.Cluster.Drain(silo);
                break;
            case 3 or 4:
                MoveAUser();
                break;
            case 5:
                KillAFront();
                break;
            case 6 when RunningFront() is { } front:
                For(Duration, $"{front.Node.Name} hangs", front.Node.Pause, front.Node.Resume);
                break;
            case 7 or 8:
                Partition();
                break;
            case 9:
                For(Duration, "the store is away", () => world.Cluster.Store.Away = true, () => world.Cluster.Store.Away = false);
                break;
            case 10:
                For(Duration, "the store's answers are lost", () => world.Cluster.Store.AnswersLost = 0.3, () => world.Cluster.Store.AnswersLost = 0);
                break;
            case 11:
                For(Duration, "the backend refuses", () => world.Backend.Refuses = true, () => world.Backend.Refuses = false);
                break;
            case 12 or 13 when world.Backend.Open.Count > 0:
                EndAnUpstream();
                break;
            case 14:
                For(Duration, "messages are lost", () => weather.Lost = 0.2, () => weather.Lost = 0);
                break;
            case 15:
                For(Duration, "messages are doubled", () => weather.Doubled = 0.3, () => weather.Doubled = 0);
                break;
            case 16:
                For(Duration, "messages are late", () => (weather.Late, weather.MaxLateness) = (0.2, Longest), () => weather.Late = 0);
                break;
            case 17 when Tab() is { Line: { } line } tab:
                Say($"{tab.Name} is slow");
                line.Slowness = TimeSpan.FromSeconds(3 * _dice.NextDouble());
                break;
            case 18 when Tab() is { } tab:
                Say($"{tab.Name} is loaded anew");
                tab.Line?.Cut();
                tab.Forget();
                break;
            default:
                if (Tab() is { } cut)
                {
                    Say($"{cut.Name} is cut");
                    cut.Line?.Cut();
                }

                break;
        }
    }

    private void Kill()
    {
        var silos = world.Cluster.Silos.Where(s => s.Node.Runs && s.IsMember).ToArray();
        if (silos.Length == 0)
            return;
        var silo = silos[_dice.Next(silos.Length)];
        Say($"{silo.Node.Name} is killed");
        world.Cluster.Kill(silo);
    }

    private void Hang(TimeSpan duration)
    {
        var silos = world.Cluster.Silos.Where(s => s.Node.Runs).ToArray();
        if (silos.Length == 0)
            return;
        var silo = silos[_dice.Next(silos.Length)];
        Say(string.Create(CultureInfo.InvariantCulture, $"{silo.Node.Name} hangs for {duration.TotalSeconds:0.0} s"));
        world.Cluster.Hang(silo, duration);
    }

    private void MoveAUser()
    {
        var user = world.Users[_dice.Next(world.Users.Count)];
        if (world.Cluster.Find(user) is not { } activation || !activation.Silo.Node.Runs)
            return;
        Say($"{user} moves from {activation.Silo.Node.Name}");
        world.Cluster.Move(activation);
    }

    private void KillAFront()
    {
        if (RunningFront() is not { } front)
            return;
        Say($"{front.Node.Name} is killed");
        front.Node.Kill();
        foreach (var tab in world.Tabs.Where(t => t.Line?.Front == front))
            tab.Line!.Cut();
        world.Loop.After(TimeSpan.FromSeconds(_dice.NextDouble()), () => world.StartFront());
    }

    private void Partition()
    {
        var silos = world.Cluster.Silos.Where(s => !s.Node.Dead).ToArray();
        if (RunningFront() is not { } front || silos.Length == 0)
            return;
        var silo = silos[_dice.Next(silos.Length)];
        var (there, back) = ((front.Node, silo.Node), (silo.Node, front.Node));
        var ways = _dice.Next(3);
        var cut = world.Network.Weather.Cut;
        For(Duration * 2, $"{front.Node.Name} and {silo.Node.Name} are parted, {(ways == 0 ? "both ways" : "one way")}", () =>
        {
            if (ways != 1)
                cut.Add(there);
            if (ways != 2)
                cut.Add(back);
        }, () =>
        {
            cut.Remove(there);
            cut.Remove(back);
        });
    }

    private void EndAnUpstream()
    {
        var wire = world.Backend.Open[_dice.Next(world.Backend.Open.Count)];
        var inOrder = _dice.Next(2) == 0;
        Say($"the backend {(inOrder ? "closes" : "cuts")} connection {wire.Number} of {wire.User}");
        if (inOrder)
            world.Backend.Close(wire);
        else
            world.Backend.Cut(wire);
    }

    private Front? RunningFront() => world.Fronts.Where(f => f.Node.Runs).ToArray() is { Length: > 0 } running ? running[_dice.Next(running.Length)] : null;

    private TabClient Tab() => world.Tabs[_dice.Next(world.Tabs.Count)];

    private void For(TimeSpan duration, string what, Action begin, Action end)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"{what} for {duration.TotalSeconds:0.0} s"));
        begin();
        world.Loop.After(duration, end);
    }

    private void Say(string what) => world.Log.Add(string.Create(CultureInfo.InvariantCulture, $"{world.Loop.Now.TotalSeconds:00.000} {what}"));
}
