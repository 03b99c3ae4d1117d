namespace Connections.Core;

/// <summary>Messages and bytes a second of one sender. Not safe for use by several threads.</summary>
/// <param name="options">How fast.</param>
/// <param name="time">The clock.</param>
public sealed class RateLimit(RateLimitOptions options, TimeProvider time)
{
    // Two seconds: a tab that comes back hands over what it kept meanwhile, and must not be punished for it.
    private const double Seconds = 2;

    private readonly TokenBucket _messages = new(options.MessagesPerSecond, Math.Max(1, options.MessagesPerSecond * Seconds), time);
    private readonly TokenBucket _bytes = new(options.BytesPerSecond, options.BytesPerSecond * Seconds, time);

    /// <summary>Refusals in a row.</summary>
    public int Refused { get; private set; }

    /// <summary>Takes a message in, or refuses it; a refused one costs nothing.</summary>
    /// <param name="size">The bytes of its payload.</param>
    public bool TryTake(int size)
    {
        if (!_messages.Has(1) || !_bytes.Has(size))
        {
            Refused++;
            return false;
        }

        _messages.Take(1);
        _bytes.Take(size);
        Refused = 0;
        return true;
    }
}
