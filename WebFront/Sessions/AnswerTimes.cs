namespace Connections.WebFront.Sessions;

/// <summary>
/// When an answer is overdue, by what those before it took: their smoothed time and four times its smoothed deviation, as TCP decides when a segment is
/// lost (RFC 6298, 2). Before the first answer, and where they are slow, as late as <see cref="Most"/>: then what is late is a sign of load. Thread-safe.
/// </summary>
internal sealed class AnswerTimes
{
    /// <summary>Never before: a pause of a collection is nothing.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    /// <summary>Never after.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private TimeSpan? _smoothed;
    private TimeSpan _deviation;

    /// <summary>After what time an answer is overdue now.</summary>
    public TimeSpan Patience
    {
        get
        {
            lock (_gate)
            {
                var patience = _smoothed + (4 * _deviation) ?? Most;
                return patience < Least ? Least : patience < Most ? patience : Most;
            }
        }
    }

    /// <summary>One more answer has come.</summary>
    /// <param name="answer">How long it took.</param>
    public void Took(TimeSpan answer)
    {
        lock (_gate)
        {
            if (_smoothed is not { } smoothed)
            {
                (_smoothed, _deviation) = (answer, answer / 2);
                return;
            }

            _deviation = (0.75 * _deviation) + (0.25 * (smoothed - answer).Duration());
            _smoothed = (0.875 * smoothed) + (0.125 * answer);
        }
    }
}
