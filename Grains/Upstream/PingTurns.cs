namespace Connections.Grains.Upstream;

/// <summary>When the lines of a silo are pinged, and when a ping has waited too long for its pong.</summary>
internal sealed class PingTurns : IDisposable
{
    private readonly DelayQueue<Turn> _pings;
    private readonly DelayQueue<Turn> _pongs;

    /// <summary>Makes them for lines that all have the same options.</summary>
    /// <param name="interval">How long after an answer the next ping goes out.</param>
    /// <param name="timeout">How long a ping may stay unanswered.</param>
    /// <param name="time">The clock.</param>
    public PingTurns(TimeSpan interval, TimeSpan timeout, TimeProvider time)
    {
        Timeout = timeout;
        _pings = new DelayQueue<Turn>(interval, static (turn, number) => turn.Line?.PingIsDue(number), time);
        _pongs = new DelayQueue<Turn>(timeout, static (turn, number) => turn.Line?.PongIsOverdue(number), time);
    }

    /// <summary>How long a ping may stay unanswered.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The ping with this number was answered; the first one of a line is due after 0.</summary>
    public void Answered(Turn turn, long number) => _pings.Add(turn, number);

    /// <summary>The ping with this number goes out.</summary>
    public void Pinged(Turn turn, long number) => _pongs.Add(turn, number);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pings.Dispose();
        _pongs.Dispose();
    }

    /// <summary>A line's place in the queues, which keep it for as long as the next wait would have been: a line that has ended takes itself out of it.</summary>
    /// <param name="line">The line.</param>
    internal sealed class Turn(PingedStream line)
    {
        private volatile PingedStream? _line = line;

        /// <summary>The line; null when it has ended.</summary>
        public PingedStream? Line => _line;

        /// <summary>The line has ended.</summary>
        public void End() => _line = null;
    }
}
