namespace Connections.Core.Tests;

/// <summary>Retries stay a part of the calls, whatever comes.</summary>
public sealed class RetryBudgets
{
    [Theory]
    [InlineData(0.1, 1_000, 100)]
    [InlineData(0.5, 10, 5)]
    [InlineData(0, 1_000, 0)]
    [InlineData(1, 10, 10)]
    public void At_most_the_part_may_be_repeated(double ratio, int calls, int most)
    {
        var budget = new RetryBudget(ratio);

        var repeated = 0;
        for (var i = 0; i < calls; i++)
        {
            budget.Earn();
            if (budget.TrySpend()) repeated++;
        }

        Assert.Equal(most, repeated);
    }

    [Fact]
    public void What_is_saved_up_is_bounded()
    {
        var budget = new RetryBudget(0.1, most: 3);
        for (var i = 0; i < 10_000; i++) budget.Earn();

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => budget.TrySpend()));
    }

    [Fact]
    public void Many_threads_never_spend_more_than_was_earned()
    {
        var budget = new RetryBudget(0.1, most: 1_000);
        var spent = 0;

        Parallel.For(0, 10_000, _ =>
        {
            budget.Earn();
            if (budget.TrySpend()) Interlocked.Increment(ref spent);
        });

        Assert.InRange(spent, 1, 1_000);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_part_is_from_0_to_1(double ratio) => Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget(ratio));
}
