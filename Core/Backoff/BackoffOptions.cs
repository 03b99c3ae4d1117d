using System.ComponentModel.DataAnnotations;

namespace Connections.Core;

/// <summary>How long to wait between attempts.</summary>
/// <remarks>The wait before attempt n + 1 is random between <see cref="MinDelay"/> and
/// <c>min(MaxDelay, BaseDelay x 2^(n - 1))</c>. The host checks the ranges at start, with the data annotations.</remarks>
public sealed record BackoffOptions : IValidatableObject
{
    /// <summary>The longest wait after the first attempt; doubled for each further one. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of all. Default 30 s; not less than <see cref="BaseDelay"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest wait of all, so that luck never hammers. Default 100 ms; not more than <see cref="BaseDelay"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a connection must have been open for its attempts to be forgotten. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResetAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The rule that takes several properties: minimum, base and maximum are in this order.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>One result for each broken rule.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaseDelay > MaxDelay) yield return new($"{nameof(BaseDelay)} is more than {nameof(MaxDelay)}.", [nameof(BaseDelay)]);
        if (MinDelay > BaseDelay) yield return new($"{nameof(MinDelay)} is more than {nameof(BaseDelay)}.", [nameof(MinDelay)]);
    }
}
