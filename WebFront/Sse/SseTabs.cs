using System.Net.ServerSentEvents;
using Connections.Core;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sse;

/// <summary>Serves <c>GET /sse</c>; see <c>docs/protocol.md</c>.</summary>
internal sealed class SseTabs(SessionRegistry sessions, IBreakerBoard board, IOptions<FrontOptions> options, TimeProvider time)
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>Serves one tab to its end.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        if (SseRequest.Read(http.Request, out var problem) is not { } request)
        {
            await Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        var writer = new SseTabWriter(http.Abort, time);
        var caller = Caller.Of(http);
        var tab = sessions.Add(caller, writer);
        try
        {
            if (request.Client is { } client)
                tab.Receipts.Sends(new OutboxMessageId(client, 1));
            if (request.Breakers)
                tab.Watch(board);
            var outcome = await tab.Session.OpenAsync(tab, request.Position, http.RequestAborted);

            // For nginx and those that took its header over: pass every event on as it comes.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var opened = SseEvents.Opened(WireOpened.From(outcome, tab, time.GetUtcNow()), request.Poll);
            await TypedResults.ServerSentEvents(EventsAsync(http, tab, writer, opened, request.Poll)).ExecuteAsync(http);
        }
        catch (TimeoutException e)
        {
            await Unreachable.Answer(http, e.Message).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The tab has gone.
        }
        finally
        {
            sessions.Remove(tab);
            writer.Ended();
        }
    }

    private async IAsyncEnumerable<SseItem<byte[]>> EventsAsync(
        HttpContext http, Tab tab, SseTabWriter writer, SseItem<byte[]> opened, bool poll)
    {
        yield return opened;
        tab.Start();
        while (true)
        {
            var ready = writer.Items.WaitToReadAsync(http.RequestAborted).AsTask();
            while (!await IsReadyAsync(ready, http.RequestAborted))
            {
                if (poll)
                    yield break;

                // Between two events nobody else writes: the framework waits for the next one.
                await http.Response.Body.WriteAsync(Comment, http.RequestAborted);
            }

            if (!await ready)
                yield break;
            while (writer.Items.TryRead(out var items))
            {
                foreach (var item in items)
                    yield return item;
            }

            // Whoever sits behind a proxy that passes nothing on before the end asks for ends: EventSource comes again by itself.
            if (poll)
                yield break;
        }
    }

    private async Task<bool> IsReadyAsync(Task ready, CancellationToken ct)
    {
        try
        {
            await ready.WaitAsync(options.Value.EventHeartbeat, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
