using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Connections.WebFront.Lines;

/// <summary>Owns the lines that have outlived their HTTP request. The host does not stop before they have ended, or its patience has.</summary>
internal sealed partial class KeptLines(ILogger<KeptLines> logger) : IHostedService
{
    private readonly ConcurrentDictionary<Line, Task> _served = [];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Has a line served to its end, apart from the request that it came by.</summary>
    public void Serve(Line line, Func<Task> serve)
    {
        line.Keep();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nothing of the request is to live as long as the tab.
        using (ExecutionContext.SuppressFlow())
            _served[line] = ServeAsync(line, serve, begun.Task);
        begun.SetResult();
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
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

        [LoggerMessage(652, LogLevel.Debug, "A tab has gone: {Error}")]
        public static partial void Gone(ILogger logger, string error);
    }
}
