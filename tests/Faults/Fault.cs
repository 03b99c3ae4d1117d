using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests;

/// <summary>Ends a fault.</summary>
public delegate Task Heal();

/// <summary>
/// A row of the matrix: what is done, and what users may notice of it. Whatever a row allows beyond the rule is a member that it sets; the rule is: the
/// crowd notices nothing, no process ends, no promise is broken, and the p99 of whom it did not touch stays within twice of what it was.
/// </summary>
/// <param name="Name">The fault, as it stands in the table.</param>
/// <param name="Expected">What is to happen, as it stands in the table.</param>
/// <param name="Inject">Does it, and returns what ends it.</param>
public sealed record Fault(string Name, string Expected, Func<GatewayStage, Task<Heal>> Inject)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>How long it lasts. Default 5 s.</summary>
    public TimeSpan Lasts { get; init; } = 5 * Second;

    /// <summary>Within what time every tab has new messages although it lasts; null when it may keep them away.</summary>
    public TimeSpan? LiveWithin { get; init; } = 5 * Second;

    /// <summary>Within what time every tab has new messages once it has ended.</summary>
    public TimeSpan BackWithin { get; init; } = 10 * Second;

    /// <summary>Whom of the crowd it may touch.</summary>
    public Touches Touches { get; init; } = Touches.Nobody;

    /// <summary>By how much it makes everything come later, of its own nature.</summary>
    public TimeSpan Slows { get; init; }

    /// <summary>Whether those that it touches may be told that frames are missing: an owner died with their log.</summary>
    public bool MayLoseLogs { get; init; }

    /// <summary>For how long a user may have two upstreams: a process that hangs holds its own until it goes on.</summary>
    public TimeSpan OwnersMayOverlap { get; init; }

    /// <summary>Whether it belongs to the short run of every change.</summary>
    public bool IsInShortRun { get; init; }

    /// <summary>What it is played on.</summary>
    public StageKind Stage { get; init; } = StageKind.Common;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
