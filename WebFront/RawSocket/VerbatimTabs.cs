using System.Net.WebSockets;
using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.RawSocket;

/// <summary>
/// Serves apps that open a plain WebSocket: messages pass both ways as they are. What this form cannot say it says by closing:
/// a gap, or a message that was not taken.
/// </summary>
internal sealed class VerbatimTabs(SessionRegistry sessions, IOptions<FrontOptions> options, TimeProvider time)
{
    /// <summary>Serves one tab to its end.</summary>
    public async Task ServeAsync(Caller caller, WebSocket webSocket, Line? line, CancellationToken ct)
    {
        using var socket = new TabSocket(webSocket, line, options.Value.MaxMessageBytes, time);
        var writer = new Writer(socket);
        var tab = sessions.Add(caller, writer);
        writer.Tab = tab;
        var client = Guid.NewGuid().ToString("N");
        try
        {
            await tab.Session.OpenAsync(tab, null, ct);
            tab.Start();
            for (long seq = 1; await socket.ReceiveAsync(ct) is { } message; seq++)
            {
                var id = new OutboxMessageId(client, seq).ToString();
                var receipt = await tab.Session.SendAsync(tab, new OutgoingMessage(id, message.IsText, message.Payload));
                if (receipt.Status is ReceiptStatus.Rejected or ReceiptStatus.Unknown)
                    await tab.CloseAsync(CloseCode.Rejected);
            }
        }
        catch (MessageTooLargeException e)
        {
            await socket.CloseAsync((int)WebSocketCloseStatus.MessageTooBig, e.Message);
        }
        catch (TimeoutException)
        {
            await tab.CloseAsync(CloseCode.Unavailable);
        }
        finally
        {
            sessions.Remove(tab);
        }

        await socket.EndAsync(ct);
    }

    private sealed class Writer(TabSocket socket) : ITabWriter
    {
        public Tab Tab { get; set; } = null!;

        public string Kind => "websocket";

        public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range)
        {
            if (gap is not null)
                return new(Tab.CloseAsync(CloseCode.Gap));
            if (!socket.TakesFrames)
                return WriteEachAsync(range!.Frames);
            var frames = VerbatimFrames.Of(range!);
            return frames.IsEmpty ? ValueTask.CompletedTask : socket.WriteFramesAsync(frames);
        }

        public async ValueTask WriteReceiptAsync(Receipt receipt)
        {
            if (receipt.Status is not ReceiptStatus.Sent)
                await Tab.CloseAsync(CloseCode.Rejected);
        }

        public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) => ValueTask.CompletedTask;

        public async ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter) => await socket.CloseAsync(code.Code, code.Name);

        private async ValueTask WriteEachAsync(Frame[] frames)
        {
            foreach (var frame in frames)
            {
                if (!frame.IsMarker)
                    await socket.WriteAsync(frame.Payload, frame.Kind is FrameKind.Text);
            }
        }
    }
}
