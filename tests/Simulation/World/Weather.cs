namespace Connections.Simulation.Tests.World;

/// <summary>How the network treats messages at the moment.</summary>
internal sealed class Weather
{
    /// <summary>The share of messages that are lost.</summary>
    public double Lost { get; set; }

    /// <summary>The share that come twice.</summary>
    public double Doubled { get; set; }

    /// <summary>The share that come late, and so behind others that left later.</summary>
    public double Late { get; set; }

    /// <summary>How late.</summary>
    public TimeSpan MaxLateness { get; set; }

    /// <summary>Pairs of processes that do not reach each other, one way.</summary>
    public HashSet<(Node From, Node To)> Cut { get; } = [];

    public void Calm()
    {
        (Lost, Doubled, Late) = (0, 0, 0);
        Cut.Clear();
    }

    public TimeSpan Latency(Random dice) =>
        dice.NextDouble() < Late ? MaxLateness * dice.NextDouble() : TimeSpan.FromMilliseconds(0.2 + (3 * dice.NextDouble()));
}
