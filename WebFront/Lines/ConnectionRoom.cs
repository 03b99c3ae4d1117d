using Connections.Hosting;
using Connections.WebFront.Telemetry;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Lines;

/// <summary>
/// How many TCP connections this front has, and may have. A .NET process that has no file descriptor left ends, and all of its tabs with it: so connections
/// are refused while there are some. Counted are those that come in, whatever they want, and those to the backends of <c>/api</c>.
/// </summary>
internal sealed partial class ConnectionRoom
{
    // Of what is left the last part is for saying no in words: to tabs with 503, to health checks with an answer.
    private const int SpokenPart = 32;

    private static readonly TimeSpan BetweenLogs = TimeSpan.FromMinutes(1);

    private readonly ILogger<ConnectionRoom> _logger;
    private readonly TimeProvider _time;
    private readonly int _most;
    private int _here;
    private long _logged;

    public ConnectionRoom(IOptions<FrontOptions> options, TimeProvider time, ILogger<ConnectionRoom> logger)
    {
        _logger = logger;
        _time = time;
        _most = options.Value.MaxConnections ?? OpenFiles.ForConnections(OpenFiles.Limit);
    }

    /// <summary>Whether so few more fit that tabs are to go to another front.</summary>
    public bool IsShort => Volatile.Read(ref _here) >= _most - (_most / SpokenPart);

    /// <summary>A connection comes in.</summary>
    /// <returns>Whether there is room for it; else it is to be closed at once.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _here) <= _most)
        {
            LineMetrics.Entered();
            return true;
        }

        Interlocked.Decrement(ref _here);
        LineMetrics.Refused();
        var now = _time.GetTimestamp();
        if (Interlocked.Read(ref _logged) is var last && (last == 0 || _time.GetElapsedTime(last, now) > BetweenLogs) && Interlocked.CompareExchange(ref _logged, now, last) == last)
            Log.Full(_logger, _most);
        return false;
    }

    /// <summary>A connection goes out: for a request that was let in, so there is room.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _here);
        LineMetrics.Entered();
    }

    /// <summary>One has ended.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _here);
        LineMetrics.Left();
    }

    private static partial class Log
    {
        [LoggerMessage(651, LogLevel.Warning, "This front has {Most} connections, as many as it may: further ones are closed at once. Front:MaxConnections, or the limit of open files of its process, says how many.")]
        public static partial void Full(ILogger logger, int most);
    }
}
