using System.Globalization;
using Connections.Simulation.Tests.World;
using Connections.Testing.History.Checking;
using static Connections.Simulation.Tests.World.Sabotage;
using static Connections.Testing.History.Checking.ViolationKind;

namespace Connections.Simulation.Tests;

/// <summary>A simulation that finds nothing proves nothing: each of these defects must be found, and for what it is.</summary>
public sealed class FindingSabotage(ITestOutputHelper output)
{
    private const int MostSeeds = 300;

    /// <summary>Each defect, and as what it may be found first.</summary>
    private static readonly Dictionary<Sabotage, ViolationKind[]> Shows = new()
    {
        [SkipAFrame] = [UndeclaredGap],
        [SwapFrames] = [Reordered],
        [DoubleAFrame] = [Doubled],
        [WrongEpoch] = [UndeclaredGap, WrongGap],
        [GapNotTold] = [UndeclaredGap, FrameBeforeGap],
        [GapTooSmall] = [WrongGap],
        [GapAfterFrames] = [UndeclaredGap, FrameBeforeGap],
        [Sabotage.FalseRecovery] = [UndeclaredGap],
        [LoseAMessage] = [Lost],
        [StampTwice] = [Doubled],
        [SwapMessages] = [Reordered, Lost],
        [FalseSent] = [LyingReceipt, TwoFinals],
        [FalseRejected] = [LyingReceipt],
        [AgainThoughAtMostOnce] = [MessageTwice],
        [HandOverTwice] = [MessageTwice],
        [SwapSends] = [Reordered, LyingReceipt],
        [NoLateReceipts] = [NoFinal],
        [LateReceiptsTwice] = [TwoFinals],
        [GenerationNotRaised] = [TwoOwners],
        [StaleOwnerNotFenced] = [ContentsDiffer, UndeclaredGap, Doubled, Reordered, Lost],
        [UpstreamKept] = [TwoOwners],
        [EpochKept] = [ContentsDiffer, ViolationKind.FalseRecovery, UndeclaredGap, Doubled],
        [CrashLooksClean] = [ContentsDiffer, UndeclaredGap, Doubled],
        [HoleNotFilled] = [Stuck],
    };

    public static TheoryData<Sabotage> All => [.. Enum.GetValues<Sabotage>().Where(s => s is not None)];

    [Theory, MemberData(nameof(All))]
    public void A_defect_is_found(Sabotage sabotage)
    {
        var found = new HashSet<ViolationKind>();
        for (var seed = 1; seed <= MostSeeds; seed++)
        {
            var outcome = new World.World(seed, sabotage).Run();
            found.UnionWith(outcome.Violations.Select(v => v.Kind));
            if (outcome.Violations.FirstOrDefault(v => Shows[sabotage].Contains(v.Kind)) is not { } violation)
                continue;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {violation}"));
            return;
        }

        Assert.Fail($"{sabotage} was not found in {MostSeeds} seeds; there was {string.Join(", ", found)}");
    }
}
