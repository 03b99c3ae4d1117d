using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

public sealed class LimitingARate
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Two_seconds_worth_may_come_at_once_and_then_the_rate_holds()
    {
        var limit = new RateLimit(new() { MessagesPerSecond = 10 }, _clock);
        Assert.Equal(20, Taken(limit, 100));
        Assert.Equal(80, limit.Refused);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Taken(limit, 100));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(20, Taken(limit, 100));
    }

    [Fact]
    public void Bytes_count_as_well_and_a_refused_message_costs_nothing()
    {
        var limit = new RateLimit(new() { BytesPerSecond = 100 }, _clock);
        Assert.True(limit.TryTake(150));
        Assert.False(limit.TryTake(51));
        Assert.True(limit.TryTake(50));
    }

    [Fact]
    public void A_message_larger_than_the_bucket_passes_when_it_is_full_and_is_paid_for_afterwards()
    {
        var limit = new RateLimit(new() { BytesPerSecond = 100 }, _clock);
        Assert.True(limit.TryTake(1_000));
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.False(limit.TryTake(1));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limit.TryTake(1));
    }

    [Fact]
    public void No_span_of_time_sees_more_than_the_rate_and_the_burst() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 400].Array[1, 200]).Sample((rate, pauses) =>
        {
            var clock = new FakeTimeProvider();
            var limit = new RateLimit(new() { MessagesPerSecond = rate }, clock);
            var begin = clock.GetTimestamp();
            var taken = 0;
            foreach (var pause in pauses)
            {
                clock.Advance(TimeSpan.FromMilliseconds(pause));
                taken += Taken(limit, rate);
                Assert.True(taken <= (2 * rate) + (clock.GetElapsedTime(begin).TotalSeconds * rate) + 1e-6);
            }
        });

    private static int Taken(RateLimit limit, int messages) => Enumerable.Range(0, messages).Count(_ => limit.TryTake(1));
}
