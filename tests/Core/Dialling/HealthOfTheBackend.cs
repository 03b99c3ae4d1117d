using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

public sealed class HealthOfTheBackend
{
    private static readonly DialOutcome Opened = new(DialResult.Opened);
    private static readonly DialOutcome Down = new(DialResult.NotConnected);

    private readonly FakeTimeProvider _clock = new();
    private readonly UpstreamHealth _health;

    public HealthOfTheBackend() => _health = new(UpstreamHealth.DefaultOptions(), _clock, () => 0);

    private void Dial(int times, DialOutcome outcome)
    {
        for (; times > 0; times--) _health.Report(Take(), outcome);
    }

    private BreakerPermit Take()
    {
        var permit = _health.TryAcquire();
        Assert.True(permit.Allowed);
        return permit;
    }

    [Fact]
    public void It_opens_when_half_of_twenty_dials_fail()
    {
        Dial(10, Opened);
        Dial(9, Down);
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);

        Dial(1, Down);
        Assert.Equal(BreakerState.Open, _health.Breaker.State);
        Assert.Equal(TimeSpan.FromSeconds(5), _health.TryAcquire().RetryAfter);
    }

    [Fact]
    public void Failures_older_than_the_window_do_not_count()
    {
        Dial(1, Opened);
        Dial(18, Down);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Dial(1, Opened);
        Dial(18, Down);

        Assert.Equal(BreakerState.Closed, _health.Breaker.State);
    }

    [Fact]
    public void Twenty_failures_in_a_row_open_it_whatever_succeeded_just_before()
    {
        Dial(1_000, Opened);
        Dial(19, Down);
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);

        Dial(1, Down);
        Assert.Equal(BreakerState.Open, _health.Breaker.State);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    public void Users_who_are_refused_are_signs_of_life(int status)
    {
        Dial(11, new(DialResult.Refused, status));
        Dial(9, Down);
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);

        Dial(1_000, new(DialResult.Refused, status));
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);
    }

    [Fact]
    public void Dials_that_were_given_up_count_neither_way()
    {
        Dial(100, new(DialResult.GivenUp));
        Dial(19, Down);
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);

        Dial(1, Down);
        Assert.Equal(BreakerState.Open, _health.Breaker.State);
    }

    [Fact]
    public void One_probe_at_a_time_decides_whether_it_is_back()
    {
        Dial(20, Down);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var probe = Take();
        Assert.True(probe.IsProbe);
        Assert.False(_health.TryAcquire().Allowed);

        _health.Report(probe, new(DialResult.GivenUp));
        var next = Take();
        Assert.NotEqual(probe.Id, next.Id);
        _health.Report(next, Opened);
        Assert.Equal(BreakerState.Closed, _health.Breaker.State);
    }

    [Fact]
    public void A_probe_whose_user_is_refused_closes_it()
    {
        Dial(20, Down);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Dial(1, new(DialResult.Refused, 401));

        Assert.Equal(BreakerState.Closed, _health.Breaker.State);
    }

    [Fact]
    public void Its_breaks_stay_at_five_seconds_because_everybody_waits_for_the_probe()
    {
        Dial(20, Down);
        var breaks = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            breaks.Add(_health.Breaker.RetryAfter.TotalSeconds);
            _clock.Advance(_health.Breaker.RetryAfter);
            Dial(1, Down);
        }

        Assert.Equal([5, 5, 5, 5, 5, 5], breaks);
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(3_600, 60)]
    public void A_retry_after_is_honoured_up_to_a_minute(double asked, double seconds)
    {
        Dial(19, Down);
        Dial(1, new(DialResult.Refused, 503, TimeSpan.FromSeconds(asked)));

        Assert.Equal(TimeSpan.FromSeconds(seconds), _health.Breaker.RetryAfter);
    }

    [Fact]
    public void It_says_what_opened_it()
    {
        Dial(19, Down);
        Dial(1, new(DialResult.Refused, 503));
        Assert.Equal("Refused 503", _health.Breaker.Snapshot.Detail);

        _clock.Advance(TimeSpan.FromSeconds(5));
        Dial(1, Down);
        Assert.Equal("NotConnected", _health.Breaker.Snapshot.Detail);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Dial(1, Down with { Detail = "Connection refused (backend:8008)" });
        Assert.Equal("Connection refused (backend:8008)", _health.Breaker.Snapshot.Detail);
    }

    [Fact]
    public void A_slow_dial_can_count_as_a_failure()
    {
        var options = UpstreamHealth.DefaultOptions();
        options.SlowCallDuration = TimeSpan.FromSeconds(3);
        var health = new UpstreamHealth(options, _clock, () => 0);
        for (var i = 0; i < 20; i++) health.Report(health.TryAcquire(), Opened, TimeSpan.FromSeconds(4));

        Assert.Equal(BreakerState.Open, health.Breaker.State);
    }

    [Fact]
    public void Its_options_are_valid()
    {
        var options = UpstreamHealth.DefaultOptions();
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
    }
}
