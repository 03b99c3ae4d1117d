using System.Collections.Concurrent;
using System.Globalization;
using Connections.Simulation.Tests.World;

namespace Connections.Simulation.Tests;

/// <summary>Whatever happens to a gateway, its promises hold: a seed is a history of faults.</summary>
public sealed class AnyHistoryOfAGateway(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_happens_the_promises_hold_and_when_it_is_over_everybody_has_everything()
    {
        var failed = new ConcurrentBag<Outcome>();
        long lines = 0;
        var started = TimeProvider.System.GetTimestamp();
        var done = Parallel.ForEach(Seeds.All, (seed, state) =>
        {
            var outcome = new World.World(seed).Run();
            Interlocked.Add(ref lines, outcome.History.Lines.Count);
            if (Seeds.One is not null)
                output.WriteLine(string.Join('\n', outcome.History.Lines));
            if (outcome.Violations.Count == 0)
                return;
            failed.Add(outcome);
            if (failed.Count >= 8)
                state.Stop();
        });

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines} events of {Seeds.All.Count()} seeds in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"));
        Assert.True(done.IsCompleted && failed.IsEmpty, string.Join('\n', failed.OrderBy(o => o.Violations.Count).Select(Seeds.Explain)));
    }

    [Fact]
    public void The_same_seed_is_the_same_history()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var once = new World.World(seed).Run();
            var again = new World.World(seed).Run();

            Assert.Equal(once.Faults, again.Faults);
            Assert.Equal(once.History.Lines, again.History.Lines);
        }
    }
}
