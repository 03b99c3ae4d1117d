using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Lines;

/// <summary>
/// Owns the lines that have outlived their HTTP request, and finds out which of their tabs are no longer there or do not read: by one beat for all, because a timer for each would wake
/// thousands of times a second. The host does not stop before they have ended, or its patience has.
/// </summary>
internal sealed partial class KeptLines(IOptions<FrontOptions> options, TimeProvider time, ILogger<KeptLines> logger) : BackgroundService
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    // A frame that waits for too long is the session's to find, which says so to the tab, and counts it.
    private static readonly TimeSpan AfterTheSession = TimeSpan.FromSeconds(2);

    private readonly int _mostWaiting = (int)Math.Ceiling((options.Value.WriteTimeout + AfterTheSession) / BeatInterval);
    private readonly ConcurrentDictionary<Line, Task> _served = [];

    /// <summary>Has a line served to its end, apart from the request that it came by.</summary>
    /// <param name="line">The line.</param>
    /// <param name="asksWhenQuiet">Whether a tab that says nothing is asked whether it lives; not, when whoever serves it finds out by other means.</param>
    /// <param name="serve">Serves it; called once.</param>
    public void Serve(Line line, bool asksWhenQuiet, Func<Task> serve)
    {
        line.Keep(asksWhenQuiet);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nothing of the request is to live as long as the tab.
        using (ExecutionContext.SuppressFlow())
            _served[line] = ServeAsync(line, serve, begun.Task);
        begun.SetResult();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Task.WhenAll(_served.Values).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var (line, _) in _served)
                await line.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BeatInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (line, _) in _served)
                    Beat(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    // What fails for one tab must not end the beat for all, and with it the process.
    private void Beat(Line line)
    {
        try
        {
            line.Beat(_mostWaiting);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.BeatFailed(logger, e);
        }
    }

    private async Task ServeAsync(Line line, Func<Task> serve, Task begun)
    {
        try
        {
            await begun;
            await serve();
        }
        catch (Exception e) when (e is WebSocketException or SocketException or IOException or OperationCanceledException)
        {
            // The tab has gone while it was being told something.
            Log.Gone(logger, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.Failed(logger, e);
        }
        finally
        {
            await line.DisposeAsync();
            _served.TryRemove(line, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(650, LogLevel.Error, "A tab could not be served to its end")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(653, LogLevel.Error, "A tab's line could not be looked after")]
        public static partial void BeatFailed(ILogger logger, Exception error);

        [LoggerMessage(652, LogLevel.Debug, "A tab has gone: {Error}")]
        public static partial void Gone(ILogger logger, string error);
    }
}
