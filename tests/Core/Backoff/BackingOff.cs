using System.ComponentModel.DataAnnotations;

using CsCheck;

using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

public sealed class BackingOff
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BackoffOptions _options = new();

    private Backoff With(double random) => new(_options, _clock, () => random);

    private static double[] Waits(Backoff backoff, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => backoff.Next().TotalSeconds)];

    private static IEnumerable<string> Broken(BackoffOptions options)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), found, validateAllProperties: true);
        return found.SelectMany(result => result.MemberNames);
    }

    [Fact]
    public void The_longest_wait_doubles_up_to_the_maximum() =>
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Waits(With(1), 7));

    [Fact]
    public void The_shortest_wait_is_the_floor() =>
        Assert.Equal([0.1, 0.1, 0.1], Waits(With(0), 3));

    [Fact]
    public void Waits_are_spread_evenly_from_the_floor_to_the_longest() =>
        Assert.Equal([0.55, 1.05, 2.05], Waits(With(0.5), 3));

    [Fact]
    public void A_floor_above_the_longest_wait_wins()
    {
        _options.MinDelay = TimeSpan.FromSeconds(5);

        Assert.Equal([5, 5, 5, 8], Waits(With(1), 4));
    }

    [Fact]
    public void Attempts_count_the_waits()
    {
        var backoff = With(0);
        Assert.Equal(0, backoff.Attempt);
        Waits(backoff, 3);
        Assert.Equal(3, backoff.Attempt);
    }

    [Fact]
    public void A_connection_that_drops_too_early_keeps_backing_off()
    {
        var backoff = With(1);
        Waits(backoff, 3);
        backoff.Opened();
        _clock.Advance(TimeSpan.FromSeconds(29.999));
        backoff.Closed();
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(3, backoff.Attempt);
        Assert.Equal(8, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void A_connection_that_was_healthy_begins_anew()
    {
        var backoff = With(1);
        Waits(backoff, 3);
        backoff.Opened();
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, backoff.Attempt);
        backoff.Closed();

        Assert.Equal(0, backoff.Attempt);
        Assert.Equal([1, 2], Waits(backoff, 2));
    }

    [Fact]
    public void Asking_for_a_wait_means_that_the_connection_is_closed()
    {
        var backoff = With(1);
        Waits(backoff, 3);
        backoff.Opened();
        backoff.Next();
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(4, backoff.Attempt);
    }

    [Fact]
    public void Opening_again_starts_the_healthy_time_again()
    {
        var backoff = With(1);
        Waits(backoff, 3);
        backoff.Opened();
        _clock.Advance(TimeSpan.FromSeconds(20));
        backoff.Opened();
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(3, backoff.Attempt);
    }

    [Fact]
    public void Closing_what_was_not_open_does_nothing()
    {
        var backoff = With(1);
        Waits(backoff, 3);
        backoff.Closed();

        Assert.Equal(3, backoff.Attempt);
    }

    [Fact]
    public void Every_wait_is_within_its_bounds_however_many_there_are() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 3_000]).Sample((random, count) =>
        {
            var backoff = With(random);
            for (var i = 0; i < count; i++)
                Assert.InRange(backoff.Next(), _options.MinDelay, TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, i))));
        });

    [Fact]
    public void Without_a_given_chance_the_waits_of_two_connections_differ() =>
        Assert.NotEqual(Waits(new(_options, _clock), 10), Waits(new(_options, _clock), 10));

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Empty(Broken(new()));
        Assert.Equal([nameof(BackoffOptions.BaseDelay)], Broken(new() { BaseDelay = TimeSpan.FromMinutes(1) }));
        Assert.Equal([nameof(BackoffOptions.MinDelay)], Broken(new() { MinDelay = TimeSpan.FromSeconds(2) }));
        Assert.Equal([nameof(BackoffOptions.ResetAfter)], Broken(new() { ResetAfter = TimeSpan.FromSeconds(-1) }));
    }
}
