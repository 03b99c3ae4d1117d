using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>One breaker for several observers: what opens it for all, and what stays one observer's own affair.</summary>
public sealed class SharingABreaker
{
    private static readonly BreakerOptions Rules = new()
    {
        FailureThreshold = 3,
        FailureRatio = 0.5,
        MinimumThroughput = 10,
        Window = TimeSpan.FromSeconds(10),
        BreakDuration = TimeSpan.FromSeconds(5),
        Jitter = 0,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly SharedBreaker _shared;
    private readonly List<BreakerTransition> _moves = [];

    public SharingABreaker()
    {
        _shared = new SharedBreaker(Rules, _time);
        _shared.Transitioned += _moves.Add;
    }

    [Fact]
    public void A_trip_of_one_observer_opens_it_for_all()
    {
        Assert.True(_shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null));

        Assert.Equal((BreakerState.Open, BreakerTransitionReason.TrippedElsewhere), (_shared.Breaker.State, _moves.Single().Reason));
        Assert.Equal(TimeSpan.FromSeconds(5), _shared.Breaker.RetryAfter);
    }

    [Fact]
    public void A_trip_stays_its_own_affair_when_another_observer_succeeded_since_the_failures_began()
    {
        _shared.Report("b", successes: 1, failures: 0, lastSuccessAgo: TimeSpan.FromMilliseconds(500));

        Assert.False(_shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null));
        Assert.Equal(BreakerState.Closed, _shared.Breaker.State);
    }

    [Theory]
    [InlineData("b", 2_000)]
    [InlineData("a", 500)]
    public void Successes_before_the_failures_and_ones_own_prove_nothing(string observer, int agoMs)
    {
        _shared.Report(observer, successes: 1, failures: 0, lastSuccessAgo: TimeSpan.FromMilliseconds(agoMs));

        Assert.True(_shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null));
    }

    [Fact]
    public void A_forgotten_observer_proves_nothing()
    {
        _shared.Report("b", successes: 1, failures: 0, lastSuccessAgo: TimeSpan.Zero);
        _shared.Forget("b");

        Assert.True(_shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null));
    }

    [Fact]
    public void The_ratio_counts_over_all_observers_and_failures_in_a_row_do_not()
    {
        _shared.Report("a", successes: 2, failures: 4, lastSuccessAgo: null);
        Assert.Equal(BreakerState.Closed, _shared.Breaker.State);

        _shared.Report("b", successes: 2, failures: 4, lastSuccessAgo: null);
        Assert.Equal(BreakerTransitionReason.FailureRatio, _moves.Single().Reason);
    }

    [Fact]
    public void One_probe_is_handed_out_and_its_success_closes_it()
    {
        _shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null);
        _time.Advance(TimeSpan.FromSeconds(5));
        var probe = _shared.Breaker.TryAcquire();
        var second = _shared.Breaker.TryAcquire();

        _shared.ProbeEnded("b", probe.Id, succeeded: true, null, null);

        Assert.Equal((true, false), (probe.IsProbe, second.Allowed));
        Assert.Equal(BreakerState.Closed, _shared.Breaker.State);
    }

    [Fact]
    public void A_failed_probe_opens_it_for_longer_and_at_least_for_what_the_backend_asked()
    {
        _shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _shared.ProbeEnded("a", _shared.Breaker.TryAcquire().Id, succeeded: false, "503", TimeSpan.FromSeconds(60));

        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(60)), (_shared.Breaker.State, _shared.Breaker.RetryAfter));
        Assert.Equal(2, _shared.Breaker.Snapshot.Trips);
    }

    [Fact]
    public void A_probe_that_was_given_up_goes_to_the_next_who_asks()
    {
        _shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _shared.ProbeEnded("a", _shared.Breaker.TryAcquire().Id, succeeded: null, null, null);

        Assert.True(_shared.Breaker.TryAcquire().IsProbe);
    }

    [Fact]
    public void Other_rules_keep_the_state()
    {
        _shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null);
        _time.Advance(TimeSpan.FromSeconds(2));
        _shared.Use(Rules with { BreakDuration = TimeSpan.FromSeconds(30) });

        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(3)), (_shared.Breaker.State, _shared.Breaker.RetryAfter));
        _shared.Breaker.Reset("operator");
        Assert.Equal(BreakerTransitionReason.OperatorReset, _moves[^1].Reason);
    }

    [Fact]
    public void A_restored_one_is_open_for_what_is_left()
    {
        _shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null);
        var stored = _moves[^1].Snapshot;
        _time.Advance(TimeSpan.FromSeconds(2));

        var again = new SharedBreaker(Rules, _time, stored);

        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(3)), (again.Breaker.State, again.Breaker.RetryAfter));
    }

    [Theory]
    [InlineData(BreakerState.ForcedOpen)]
    [InlineData(BreakerState.ForcedClosed)]
    [InlineData(BreakerState.Open)]
    public void A_trip_moves_only_a_closed_breaker(BreakerState state)
    {
        if (state is BreakerState.ForcedOpen) _shared.Breaker.ForceOpen();
        else if (state is BreakerState.ForcedClosed) _shared.Breaker.ForceClosed();
        else _shared.Trip("b", TimeSpan.Zero, "first", null);

        Assert.False(_shared.Trip("a", TimeSpan.FromSeconds(1), "refused", null));
        Assert.Equal(state, _shared.Breaker.State);
    }
}
