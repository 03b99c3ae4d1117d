using System.Collections.Concurrent;
using System.Net.WebSockets;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>
/// Serves SignalR's tabs over their own lines, where it can: a WebSocket without negotiation, whose socket can be taken out of the web server. The others are
/// SignalR's own to serve.
/// </summary>
internal sealed partial class HubLines(
    HubConnectionHandler<ConnectionHub> hub, KeptLines kept, TimeProvider time, ILogger<HubLines> logger) : BackgroundService
{
    // As often as SignalR's own.
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HubLine, bool> _lines = [];

    /// <summary>Serves a request that is allowed to open a tab.</summary>
    /// <param name="http">The request.</param>
    /// <param name="signalR">What serves it when this cannot.</param>
    public async Task TakeAsync(HttpContext http, RequestDelegate signalR)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(signalR);

        // A connection that was negotiated has an id, and SignalR has it in its books.
        if (!http.WebSockets.IsWebSocketRequest || http.Request.Query.ContainsKey("id"))
        {
            await signalR(http);
            return;
        }

        var caller = Caller.Of(http);
        if (await LineHandshake.AcceptAsync(http, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan }) is not (var socket, var line))
        {
            await signalR(http);
            return;
        }

        // SignalR has pings of its own.
        kept.Serve(line, asksWhenQuiet: false, () => ServeAsync(new HubLine(socket, line, caller, time)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BeatInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (line, _) in _lines)
                    Beat(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Tabs have been told to go. Who has not shaken hands is nobody's tab, and who does not read is not waited for.
        foreach (var (line, _) in _lines)
        {
            line.CutIfNobodys();
            line.CutIfStuck();
        }

        await base.StopAsync(cancellationToken);
    }

    // What fails for one tab must not end the beat for all, and with it the process.
    private void Beat(HubLine line)
    {
        try
        {
            line.Beat();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.Failed(logger, e);
        }
    }

    private async Task ServeAsync(HubLine line)
    {
        _lines[line] = true;
        try
        {
            await line.ServeAsync(hub);
        }
        finally
        {
            _lines.TryRemove(line, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(660, LogLevel.Error, "A tab could not be kept alive")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
