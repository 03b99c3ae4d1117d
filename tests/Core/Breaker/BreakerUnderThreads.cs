namespace Connections.Core.Tests;

public sealed class BreakerUnderThreads
{
    [Fact]
    public void Many_threads_get_one_probe()
    {
        var rig = new BreakerRig().Tripped();
        for (var round = 0; round < 200; round++)
        {
            rig.Clock.Advance(rig.Breaker.RetryAfter);
            var probes = 0;
            Parallel.For(0, 16, _ =>
            {
                if (rig.Breaker.TryAcquire().Allowed) Interlocked.Increment(ref probes);
            });
            Assert.Equal(1, probes);
            rig.Wait(30);
            rig.Breaker.TryAcquire();
        }
    }

    [Fact]
    public void Transitions_form_one_chain_whatever_the_threads_do()
    {
        var rig = new BreakerRig(new() { BreakDuration = TimeSpan.FromTicks(1), MaxBreakDuration = TimeSpan.FromTicks(1) });
        Parallel.For(0, 4, worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20_000; i++)
            {
                rig.Clock.Advance(TimeSpan.FromTicks(1));
                var permit = rig.Breaker.TryAcquire();
                if (random.Next(3) == 0) rig.Breaker.OnSuccess(permit);
                else rig.Breaker.OnFailure(permit);
                if (i % 1_000 == 0) rig.Breaker.Reset();
            }
        });

        Assert.True(rig.Transitions.Count > 1_000);
        var state = BreakerState.Closed;
        foreach (var transition in rig.Transitions)
        {
            Assert.Equal(state, transition.From);
            state = transition.To;
        }
    }

    [Fact]
    public void A_handler_may_call_the_breaker()
    {
        var rig = new BreakerRig();
        var seen = new List<bool>();
        rig.Breaker.Transitioned += _ => seen.Add(rig.Breaker.TryAcquire().Allowed);
        rig.Tripped();
        rig.Wait(30);

        Assert.False(rig.Breaker.TryAcquire().Allowed, "The handler took the probe.");
        Assert.Equal([false, true], seen);
    }

    [Fact]
    public void A_handler_that_throws_does_not_undo_the_transition()
    {
        var rig = new BreakerRig();
        rig.Breaker.Transitioned += _ => throw new InvalidOperationException("a handler's own fault");
        rig.Fail(2);

        Assert.Throws<InvalidOperationException>(() => rig.Fail());
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
    }
}
