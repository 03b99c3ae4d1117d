using System.Net.WebSockets;
using System.Text;
using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.RawSocket;

/// <summary>Serves the <c>connections.v1</c> sub-protocol; see <c>docs/protocol.md</c>.</summary>
internal sealed class EnvelopeTabs(SessionRegistry sessions, IBreakerBoard board, FreshTokens tokens, IOptions<FrontOptions> options, TimeProvider time)
{
    /// <summary>The name of the sub-protocol.</summary>
    public const string SubProtocol = "connections.v1";

    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(10);

    /// <summary>Serves one tab to its end.</summary>
    public async Task ServeAsync(Caller caller, WebSocket webSocket, Line? line, CancellationToken ct)
    {
        // Base64 and JSON take half as much again; what the upstream may not get is told by the receipt.
        using var socket = new TabSocket(webSocket, line, (options.Value.MaxMessageBytes * 3 / 2) + 4_096, time);
        var writer = new EnvelopeWriter(socket, time);
        var tab = sessions.Add(caller, writer);
        try
        {
            if (await OpenAsync(tab, socket, writer, ct))
                await ServeAsync(tab, socket, writer, ct);
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

    private async Task<bool> OpenAsync(Tab tab, TabSocket socket, EnvelopeWriter writer, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(OpenPatience, time);
        await using var late = limit.Token.Register(() => _ = tab.CloseAsync(CloseCode.OpenTimeout));
        if (await socket.ReceiveAsync(ct) is not { } message)
            return false;
        await late.DisposeAsync();
        if (Read(message, out var problem) is not { } envelope || envelope.Type != "open")
        {
            await writer.RefuseAsync(problem ?? "The first message must be {\"type\":\"open\"}.");
            return false;
        }

        FramePosition? from = null;
        if (envelope.Position is not null)
        {
            if (!FramePosition.TryParse(envelope.Position, out var parsed))
            {
                await writer.RefuseAsync("The position cannot be read: it is <epoch>-<offset>, 16 hexadecimal digits, a hyphen and a number.");
                return false;
            }

            from = parsed;
        }

        var outcome = await tab.Session.OpenAsync(tab, from, ct);
        await writer.WriteOpenedAsync(WireOpened.From(outcome, tab, time.GetUtcNow()));
        tab.Start();
        return true;
    }

    private async Task ServeAsync(Tab tab, TabSocket socket, EnvelopeWriter writer, CancellationToken ct)
    {
        while (await socket.ReceiveAsync(ct) is { } message)
        {
            var envelope = Read(message, out var problem);
            if (envelope?.Type is not "send")
                await tab.AsksAsync();
            switch (envelope?.Type)
            {
                case "send" when envelope.Text is null != envelope.Data is null && WireSendOptions.TryRead(new(envelope.Delivery), out var atLeastOnce, out problem):
                    await writer.WriteReceiptAsync(await SendAsync(tab, envelope, atLeastOnce));
                    break;
                case "state":
                    await writer.WriteStateAsync(await tab.Session.StateAsync(), tab.WatchedBreakers);
                    break;
                case "watch-breakers":
                    tab.Watch(board);
                    await writer.WriteStateAsync(await tab.Session.StateAsync(), tab.WatchedBreakers);
                    break;
                case "renew" when envelope.Token is { } token:
                    var fresh = await tokens.CheckAsync(token, tab.Session.User);
                    if (fresh is not null)
                        tab.Renew(fresh);
                    await writer.WriteRenewedAsync(fresh is not null);
                    break;
                case "ping":
                    await writer.WritePongAsync();
                    break;
                default:
                    await writer.RefuseAsync(problem ?? envelope!.Type switch
                    {
                        "send" => "A send has either a text or data, in base64.",
                        "renew" => "A renew has a token.",
                        "open" => "This connection is open already: open comes once.",
                        _ => $"There is no message of type '{envelope.Type}': there are send, state, watch-breakers, renew and ping.",
                    });
                    return;
            }
        }
    }

    private static Envelope? Read((bool IsText, byte[] Payload) message, out string? problem)
    {
        if (message.IsText)
            return Envelope.Read(message.Payload, out problem);
        problem = "connections.v1 has text messages only: binary data goes as base64 in a send.";
        return null;
    }

    private static Task<Receipt> SendAsync(Tab tab, Envelope envelope, bool atLeastOnce) => tab.Session.SendAsync(
        tab,
        new OutgoingMessage(envelope.Id ?? "", envelope.Text is not null, envelope.Data ?? Encoding.UTF8.GetBytes(envelope.Text!), atLeastOnce));
}
