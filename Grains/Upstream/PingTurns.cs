namespace Connections.Grains.Upstream;

/// <summary>When the lines of a silo are pinged, and when a ping has waited too long for its pong.</summary>
internal sealed class PingTurns : IDisposable
{
    private readonly DelayQueue<PingedStream> _pings;
    private readonly DelayQueue<PingedStream> _pongs;

    /// <summary>Makes them for lines that all have the same options.</summary>
    /// <param name="interval">How long after an answer the next ping goes out.</param>
    /// <param name="timeout">How long a ping may stay unanswered.</param>
    /// <param name="time">The clock.</param>
    public PingTurns(TimeSpan interval, TimeSpan timeout, TimeProvider time)
    {
        Timeout = timeout;
        _pings = new DelayQueue<PingedStream>(interval, static (line, number) => line.PingIsDue(number), time);
        _pongs = new DelayQueue<PingedStream>(timeout, static (line, number) => line.PongIsOverdue(number), time);
    }

    /// <summary>How long a ping may stay unanswered.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The ping with this number was answered; the first one of a line is due after 0.</summary>
    public void Answered(PingedStream line, long number) => _pings.Add(line, number);

    /// <summary>The ping with this number goes out.</summary>
    public void Pinged(PingedStream line, long number) => _pongs.Add(line, number);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pings.Dispose();
        _pongs.Dispose();
    }
}
