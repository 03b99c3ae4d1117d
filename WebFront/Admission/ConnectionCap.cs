using System.Globalization;
using Connections.WebFront.Lines;
using Connections.WebFront.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Admission;

/// <summary>
/// Ends new connections at once when the front has as many as it can hold. A process that has no file descriptor left does not refuse: .NET ends it, and all
/// of its tabs with it.
/// </summary>
/// <remarks>Kestrel's own limits count what became a WebSocket apart, and everybody else's not at all: this counts every connection from its first byte to its last.</remarks>
internal sealed partial class ConnectionCap
{
    // What is left is for what a front opens itself: its gateways, Redis, the backend of /api.
    private const double Part = 0.9;
    private const int Fewest = 16;
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenFiles = "/proc/self/fd";

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _saidAt;
    private int _open;

    /// <summary>Makes one for the front's options, or for what this process may open.</summary>
    public ConnectionCap(IOptions<FrontOptions> options, TimeProvider time, ILogger<ConnectionCap> logger)
    {
        _time = time;
        _logger = logger;
        Max = options.Value.MaxConnections > 0 ? options.Value.MaxConnections : OfThisProcess();
    }

    /// <summary>The most connections at once.</summary>
    public int Max { get; }

    /// <summary>Serves a connection, or ends it.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _open) > Max)
        {
            Interlocked.Decrement(ref _open);
            ConnectionMetrics.Refused();
            Say();
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            // A tab whose line outlives its HTTP connection has its socket still.
            if (connection.Features.Get<LineConnection>()?.Line is { IsKept: true } line)
                line.WhenClosed(() => Interlocked.Decrement(ref _open));
            else
                Interlocked.Decrement(ref _open);
        }
    }

    // A flood of connections must not be a flood of lines.
    private void Say()
    {
        var saidAt = Interlocked.Read(ref _saidAt);
        if ((saidAt == 0 || _time.GetElapsedTime(saidAt) > Silence) && Interlocked.CompareExchange(ref _saidAt, _time.GetTimestamp(), saidAt) == saidAt)
            Log.Full(_logger, Max);
    }

    private static int OfThisProcess()
    {
        if (!OperatingSystem.IsLinux())
            return int.MaxValue;
        var limit = File.ReadLines(LimitsFile).First(l => l.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var files)
            ? Math.Max(Fewest, (int)(files * Part) - Directory.EnumerateFileSystemEntries(OpenFiles).Count())
            : int.MaxValue;
    }

    private static partial class Log
    {
        [LoggerMessage(640, LogLevel.Warning, "This front has {Max} connections and takes no more: add fronts, or let it open more files (nofile)")]
        public static partial void Full(ILogger logger, int max);
    }
}
