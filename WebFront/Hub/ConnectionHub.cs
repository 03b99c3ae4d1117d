using System.Text;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>The SignalR way in; see <c>docs/protocol.md</c>. Called by browsers and .NET clients.</summary>
[Authorize]
internal sealed class ConnectionHub(SessionRegistry sessions, IBreakerBoard board, FreshTokens tokens, TimeProvider time) : Microsoft.AspNetCore.SignalR.Hub
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        var caller = Context.Features.Get<HubLine>()?.Caller ?? Caller.Of(Context.GetHttpContext()!);
        Own.Tab = sessions.Add(caller, new HubTabWriter(Own.Connection, time));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Own.Tab is { } tab)
            sessions.Remove(tab);
        return Task.CompletedTask;
    }

    /// <summary>Starts the flow of frames, after a position or from the top.</summary>
    /// <returns>How it starts; nothing when the tab left meanwhile.</returns>
    public async Task<WireOpened?> Open(string? position = null)
    {
        if (Own.IsOpen)
            throw new HubException("This connection is open already: Open is called once per connection.");
        FramePosition? from = null;
        if (position is not null)
        {
            if (!FramePosition.TryParse(position, out var parsed))
                throw new HubException("The position cannot be read: it is <epoch>-<offset>, 16 hexadecimal digits, a hyphen and a number.");
            from = parsed;
        }

        Own.IsOpen = true;
        try
        {
            var outcome = await Tab.Session.OpenAsync(Tab, from, Context.ConnectionAborted);
            Tab.Start();
            return WireOpened.From(outcome, Tab, time.GetUtcNow());
        }
        catch (TimeoutException e)
        {
            Own.IsOpen = false;
            throw new HubException(e.Message);
        }
        catch (OperationCanceledException) when (Context.ConnectionAborted.IsCancellationRequested)
        {
            // Nobody is left to answer; it is no error of ours that belongs in the log.
            return null;
        }
    }

    /// <summary>A text message for the upstream.</summary>
    public Task<WireReceipt> Send(string id, string text, WireSendOptions? options = null) => SendAsync(id, true, Encoding.UTF8.GetBytes(text ?? ""), options);

    /// <summary>A binary message for the upstream.</summary>
    public Task<WireReceipt> SendBinary(string id, byte[] data, WireSendOptions? options = null) => SendAsync(id, false, data ?? [], options);

    /// <summary>How the connection stands.</summary>
    public async Task<WireState> State()
    {
        await Tab.AsksAsync();
        return WireState.From(await Tab.Session.StateAsync(), time.GetUtcNow(), Tab.WatchedBreakers);
    }

    /// <summary>How the breakers of <c>/api</c> stand; from now on the states say it too.</summary>
    public IReadOnlyList<WireApiBreaker> WatchBreakers()
    {
        Tab.Watch(board);
        return board.Breakers;
    }

    /// <summary>A fresh access token of this tab's user: the tab stays for as long as that one is good, and the upstream is shown it where tokens are relayed.</summary>
    public async Task Renew(string token) =>
        Tab.Renew(await tokens.CheckAsync(token ?? "", Tab.Session.User)
            ?? throw new HubException("The token cannot be taken: it is not valid, has expired, was revoked, or is another user's."));

    private HubTab Own => Context.Features.Get<HubTab>()!;

    private Tab Tab => Own.Tab!;

    private async Task<WireReceipt> SendAsync(string id, bool isText, byte[] payload, WireSendOptions? options)
    {
        if (!WireSendOptions.TryRead(options, out var atLeastOnce, out var problem))
            throw new HubException(problem);
        return WireReceipt.From(await Tab.Session.SendAsync(Tab, new OutgoingMessage(id ?? "", isText, payload, atLeastOnce)));
    }
}
