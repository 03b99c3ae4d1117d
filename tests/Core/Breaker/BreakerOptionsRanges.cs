using System.ComponentModel.DataAnnotations;

namespace Connections.Core.Tests;

public sealed class BreakerOptionsRanges
{
    public static TheoryData<string, BreakerOptions> Broken => new()
    {
        { nameof(BreakerOptions.FailureThreshold), new() { FailureThreshold = -1 } },
        { nameof(BreakerOptions.FailureRatio), new() { FailureRatio = 1.1 } },
        { nameof(BreakerOptions.MinimumThroughput), new() { MinimumThroughput = 0 } },
        { nameof(BreakerOptions.Window), new() { Window = TimeSpan.Zero } },
        { nameof(BreakerOptions.SlowCallDuration), new() { SlowCallDuration = TimeSpan.FromSeconds(-1) } },
        { nameof(BreakerOptions.BreakDuration), new() { BreakDuration = TimeSpan.Zero } },
        { nameof(BreakerOptions.MaxBreakDuration), new() { MaxBreakDuration = TimeSpan.FromDays(2) } },
        { nameof(BreakerOptions.MaxBreakDuration), new() { MaxBreakDuration = TimeSpan.FromSeconds(29) } },
        { nameof(BreakerOptions.BreakGrowth), new() { BreakGrowth = 0.9 } },
        { nameof(BreakerOptions.Jitter), new() { Jitter = double.NaN } },
        { nameof(BreakerOptions.HealthyAfter), new() { HealthyAfter = TimeSpan.FromSeconds(-1) } },
        { nameof(BreakerOptions.HalfOpenPermits), new() { HalfOpenPermits = 0 } },
        { nameof(BreakerOptions.HalfOpenTimeout), new() { HalfOpenTimeout = TimeSpan.Zero } },
        { nameof(BreakerOptions.MaxRetryAfter), new() { MaxRetryAfter = TimeSpan.FromSeconds(-1) } },
    };

    private static List<ValidationResult> Check(BreakerOptions options)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), found, validateAllProperties: true);
        return found;
    }

    [Fact]
    public void The_defaults_are_those_of_the_design_and_valid()
    {
        var options = new BreakerOptions();

        Assert.Empty(Check(options));
        Assert.Equal((3, 0d, 20, 1), (options.FailureThreshold, options.FailureRatio, options.MinimumThroughput, options.HalfOpenPermits));
        Assert.Equal((30, 300), (options.BreakDuration.TotalSeconds, options.MaxBreakDuration.TotalSeconds));
        Assert.Equal((2, 0.1), (options.BreakGrowth, options.Jitter));
        Assert.Equal((30, 0, 30), (options.Window.TotalSeconds, options.SlowCallDuration.TotalSeconds, options.HealthyAfter.TotalSeconds));
        Assert.Equal((30, 600), (options.HalfOpenTimeout.TotalSeconds, options.MaxRetryAfter.TotalSeconds));
    }

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void A_value_out_of_range_is_named(string property, BreakerOptions options) =>
        Assert.Equal([property], Assert.Single(Check(options)).MemberNames);
}
