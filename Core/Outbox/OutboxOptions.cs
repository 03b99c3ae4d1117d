using System.ComponentModel.DataAnnotations;

namespace Connections.Core;

/// <summary>The bounds of one user's <see cref="Outbox"/>.</summary>
/// <remarks>The host checks the ranges at start, with the data annotations. Many outboxes may share one instance.</remarks>
public record OutboxOptions : IValidatableObject
{
    /// <summary>Messages that may wait or be under way. Default 256.</summary>
    [Range(1, 1_000_000)]
    public int MaxMessages { get; set; } = 256;

    /// <summary>Bytes of payload that may wait or be under way. Default 262,144 (256 KiB).</summary>
    [Range(1, 1 << 30)]
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>Bytes of payload of one message. Default 262,144 (256 KiB); not more than <see cref="MaxBytes"/>.</summary>
    [Range(1, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 256 * 1024;

    /// <summary>How long a message may wait. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many answers are remembered for each client, counted back from its last message. Default 256.</summary>
    [Range(1, 1_000_000)]
    public int MaxReceiptsPerClient { get; set; } = 256;

    /// <summary>How many clients are remembered. Default 64; one whose messages wait is never forgotten.</summary>
    [Range(1, 1_000_000)]
    public int MaxClients { get; set; } = 64;

    /// <summary>The rule that takes two properties: one message is not larger than the outbox.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>One result if the rule is broken, else none.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxMessageBytes > MaxBytes)
            yield return new($"{nameof(MaxMessageBytes)} is more than {nameof(MaxBytes)}.", [nameof(MaxMessageBytes)]);
    }
}
