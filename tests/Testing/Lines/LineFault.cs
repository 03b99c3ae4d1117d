namespace Connections.Testing.Lines;

/// <summary>What is wrong with a line. Up is from who connected to the target, down the way back.</summary>
public sealed record LineFault
{
    /// <summary>Nothing.</summary>
    public static LineFault None { get; } = new();

    /// <summary>By how much everything comes later, each way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>By how much more at most, at random; the order stays, as TCP has it.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The most bytes handed on at once; 0 for as they come.</summary>
    public int SplitAt { get; init; }

    /// <summary>How many bytes more pass down each connection before it is cut in the middle of what it says.</summary>
    public long? CutAfter { get; init; }

    /// <summary>Nothing passes up; it waits, as the sender's kernel tries again.</summary>
    public bool HoldsUp { get; init; }

    /// <summary>Nothing passes down.</summary>
    public bool HoldsDown { get; init; }

    /// <summary>Nothing passes either way, and nobody is told: a black hole.</summary>
    public static LineFault BlackHole { get; } = new() { HoldsUp = true, HoldsDown = true };

    /// <summary>Whether nothing passes that way.</summary>
    public bool Holds(bool up) => up ? HoldsUp : HoldsDown;
}
