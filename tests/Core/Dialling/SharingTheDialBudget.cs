using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

public sealed class SharingTheDialBudget : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<DialBudget> _made = [];

    public void Dispose() => _made.ForEach(budget => budget.Dispose());

    private DialBudget Budget(double rate, int maxConcurrent = 1_000)
    {
        var budget = new DialBudget(rate, maxConcurrent, _clock);
        _made.Add(budget);
        return budget;
    }

    private static Task<DialLease>[] Ask(DialBudget budget, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => budget.AcquireAsync(TestContext.Current.CancellationToken).AsTask())];

    private static int Given(IEnumerable<Task<DialLease>> asked) => asked.Count(task => task.IsCompletedSuccessfully);

    private static DialLease Lease(Task<DialLease> asked)
    {
        Assert.True(asked.IsCompletedSuccessfully);
        return asked.GetAwaiter().GetResult();
    }

    [Fact]
    public void A_tenth_of_a_second_may_go_at_once_and_then_the_pace_holds()
    {
        var asked = Ask(Budget(100), 200);
        Assert.Equal(10, Given(asked));

        for (var second = 1; second <= 3; second++)
        {
            for (var i = 0; i < 100; i++) _clock.Advance(TimeSpan.FromMilliseconds(10));
            Assert.Equal(Math.Min(200, 10 + 100 * second), Given(asked));
        }
    }

    [Theory]
    [InlineData(0.1, 6)]
    [InlineData(0.5, 30)]
    [InlineData(1, 60)]
    [InlineData(1.5, 60)]
    [InlineData(3.3, 180)]
    [InlineData(4.5, 270)]
    [InlineData(33.3, 1_998)]
    [InlineData(1_234.5, 74_070)]
    public void A_minute_sees_a_minute_of_dials(double rate, int expected)
    {
        var asked = Ask(Budget(rate, int.MaxValue), (int)(rate * 70) + 10);
        var burst = Given(asked);
        for (var i = 0; i < 60_000; i++) _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.InRange(Given(asked) - burst, expected * 0.995 - 1, expected);
    }

    [Fact]
    public void Silence_saves_up_no_more_than_a_tenth_of_a_second()
    {
        var budget = Budget(100);
        Ask(budget, 10);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(10, Given(Ask(budget, 200)));
    }

    [Fact]
    public void Places_for_concurrent_dials_are_limited_and_given_on()
    {
        var budget = Budget(100, maxConcurrent: 2);
        var asked = Ask(budget, 4);
        Assert.Equal((2, 2, 2), (Given(asked), budget.Dialling, budget.Waiting));

        Lease(asked[1]).Dispose();
        Assert.True(asked[2].IsCompletedSuccessfully);
        Assert.False(asked[3].IsCompleted);
    }

    [Fact]
    public void A_lease_disposed_of_twice_frees_one_place()
    {
        var budget = Budget(100, maxConcurrent: 1);
        var asked = Ask(budget, 3);
        Lease(asked[0]).Dispose();
        Lease(asked[0]).Dispose();

        Assert.Equal(2, Given(asked));
    }

    [Fact]
    public void Nobody_overtakes()
    {
        var budget = Budget(20);
        var asked = Ask(budget, 2 + 5);
        for (var i = 2; i < 7; i++)
        {
            Assert.False(asked[i].IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            Assert.True(asked[i].IsCompletedSuccessfully);
        }
    }

    [Fact]
    public void A_late_comer_waits_behind_the_line_even_if_the_bucket_has_a_dial()
    {
        var budget = Budget(10, maxConcurrent: 1);
        var asked = Ask(budget, 2);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var late = Ask(budget, 1)[0];
        Lease(asked[0]).Dispose();

        Assert.True(asked[1].IsCompletedSuccessfully);
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public void A_late_comer_does_not_slip_in_before_the_timer()
    {
        var budget = Budget(3);
        var asked = Ask(budget, 2);
        _clock.Advance(TimeSpan.FromMilliseconds(333.5));
        var late = Ask(budget, 1)[0];
        Assert.False(late.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(0.5));
        Assert.Equal((2, false), (Given(asked), late.IsCompleted));
    }

    [Fact]
    public async Task Whoever_ends_a_dial_does_not_run_what_the_next_one_does()
    {
        var budget = Budget(20, maxConcurrent: 1);
        var asked = Ask(budget, 2);
        var here = Environment.CurrentManagedThreadId;
        var goesOnAt = asked[1].ContinueWith(
            _ => Environment.CurrentManagedThreadId,
            TestContext.Current.CancellationToken,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        Lease(asked[0]).Dispose();
        SpinWait.SpinUntil(() => goesOnAt.IsCompleted);

        Assert.NotEqual(here, await goesOnAt);
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_the_line_and_costs_nothing()
    {
        var budget = Budget(20);
        Ask(budget, 2);
        using var cancellation = new CancellationTokenSource();
        var cancelled = budget.AcquireAsync(cancellation.Token).AsTask();
        var next = Ask(budget, 1)[0];
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, budget.Waiting);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(3, budget.Dialling);
    }

    [Fact]
    public async Task A_token_cancelled_before_is_answered_at_once()
    {
        var budget = Budget(20);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => budget.AcquireAsync(cancelled).AsTask());
        Assert.Equal(2, Given(Ask(budget, 5)));
    }

    [Fact]
    public async Task Cancelling_after_the_lease_was_given_changes_nothing()
    {
        var budget = Budget(20, maxConcurrent: 1);
        var first = Lease(Ask(budget, 1)[0]);
        using var cancellation = new CancellationTokenSource();
        var second = budget.AcquireAsync(cancellation.Token).AsTask();
        first.Dispose();
        await cancellation.CancelAsync();

        Lease(second).Dispose();
        Assert.Equal(0, budget.Dialling);
    }

    [Fact]
    public void A_higher_rate_shortens_the_wait_of_those_in_line()
    {
        var budget = Budget(1);
        var asked = Ask(budget, 3);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        budget.SetRate(10);
        Assert.Equal(1, Given(asked));

        _clock.Advance(TimeSpan.FromMilliseconds(90));
        Assert.Equal(2, Given(asked));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(3, Given(asked));
        Assert.Equal(10, budget.Rate);
    }

    [Fact]
    public void A_lower_rate_keeps_no_more_than_its_own_burst()
    {
        var budget = Budget(1_000);
        budget.SetRate(20);

        Assert.Equal(2, Given(Ask(budget, 100)));
    }

    [Fact]
    public void A_higher_rate_does_not_fill_the_bucket()
    {
        var budget = Budget(20);
        _clock.Advance(TimeSpan.FromHours(1));
        budget.SetRate(100);

        Assert.Equal(2, Given(Ask(budget, 100)));
    }

    [Fact]
    public void Changing_the_rate_to_and_fro_makes_no_dials()
    {
        var budget = Budget(100);
        var asked = Ask(budget, 200);
        for (var i = 0; i < 100; i++)
        {
            budget.SetRate(7);
            budget.SetRate(100);
        }

        Assert.Equal(10, Given(asked));
    }

    [Fact]
    public void At_rate_zero_nobody_dials_until_it_is_raised()
    {
        var budget = Budget(10);
        budget.SetRate(0);
        var asked = Ask(budget, 3);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, Given(asked));

        budget.SetRate(10);
        Assert.Equal(0, Given(asked));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, Given(asked));
    }

    [Theory]
    [InlineData(1e-7)]
    [InlineData(1e-20)]
    [InlineData(double.Epsilon)]
    public void A_rate_of_almost_nothing_gives_one_dial_and_breaks_no_timer(double rate)
    {
        using var budget = new DialBudget(rate, 10, TimeProvider.System);
        Assert.Equal(1, Given(Ask(budget, 3)));
        budget.SetRate(1_000_000);
        budget.SetRate(rate);
        Assert.Equal(rate, budget.Rate);
    }

    [Fact]
    public void A_wait_of_a_day_ends_like_any_other()
    {
        var asked = Ask(Budget(1.0 / 86_400), 2);
        for (var hour = 0; hour < 23; hour++) _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Given(asked));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, Given(asked));
    }

    [Fact]
    public async Task Disposing_of_the_budget_ends_the_line()
    {
        var budget = Budget(10, maxConcurrent: 1);
        var asked = Ask(budget, 2);
        budget.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => asked[1]);
        Lease(asked[0]).Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = budget.AcquireAsync(CancellationToken.None).AsTask(); });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_none_is_refused(double rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Budget(rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => Budget(1).SetRate(rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => Budget(1, maxConcurrent: 0));
    }

    [Theory]
    [InlineData(100, 4, 25)]
    [InlineData(100, 1, 100)]
    [InlineData(100, 0, 100)]
    public void A_silos_share_is_an_equal_part(double cluster, int silos, double share) =>
        Assert.Equal(share, DialBudget.ShareOf(cluster, silos));
}
