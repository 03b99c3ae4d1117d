using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>The ways in which bad input is sent, and how what comes back is put in a word.</summary>
/// <param name="front">The front.</param>
/// <param name="upstream">What the gateway takes for the backend.</param>
internal sealed class Attack(Uri front, LyingBackend upstream)
{
    private const char RecordEnd = '\u001e';

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static int _last;

    /// <summary>A user of its own.</summary>
    public string User { get; } = $"mallory-{Interlocked.Increment(ref _last)}";

    /// <summary>Where.</summary>
    public Uri Front => front;

    /// <summary>Raw HTTP; <c>{host}</c> and <c>{user}</c> are filled in.</summary>
    public async Task<string> HttpAsync(string request, bool complete = true)
    {
        using var line = await RawLine.ConnectAsync(front);
        await line.SendAsync(request.Replace("{host}", front.Authority, StringComparison.Ordinal).Replace("{user}", User, StringComparison.Ordinal)
            + (complete ? "\r\n\r\n" : ""));
        return await line.AnswerAsync();
    }

    /// <summary>A request with a body: the status, and <c>problem</c> or the receipt's reason.</summary>
    public async Task<string> PostAsync(string path, byte[] body, string contentType = "application/json")
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await http.PostAsync(new Uri(front, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}user={User}"), content);
        return await WordAsync(response);
    }

    /// <summary>A request with a body.</summary>
    public Task<string> PostAsync(string path, string body) => PostAsync(path, Encoding.UTF8.GetBytes(body));

    /// <summary>A request without one.</summary>
    public async Task<string> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(front, pathAndQuery.Replace("{user}", User, StringComparison.Ordinal)));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await WordAsync(response);
    }

    /// <summary>WebSocket frames, byte by byte, on a socket that is open.</summary>
    public async Task<string> FramesAsync(Func<RawLine, Task> send)
    {
        using var line = await RawLine.UpgradeAsync(front, $"/ws?user={User}");
        await send(line);
        return await line.EndAsync();
    }

    /// <summary>Messages of <c>connections.v1</c>: the code and the reason of the close.</summary>
    public async Task<string> EnvelopesAsync(params string[] messages) => await EnvelopesAsync(messages, null);

    /// <summary>Messages of <c>connections.v1</c>, and at last a binary one.</summary>
    public async Task<string> EnvelopesAsync(string[] messages, byte[]? binary)
    {
        using var tab = await RawTab.ConnectAsync(front, $"user={User}", RawTab.Envelopes);
        foreach (var message in messages)
            await tab.SendAsync(message);
        if (binary is not null)
            await tab.SendAsync(binary);
        var last = JsonDocument.Parse((await tab.UntilClosedAsync())[^1]).RootElement;
        return $"close {tab.Closed.Code}" + (last.TryGetProperty("message", out var says) ? $": {says.GetString()}" : "");
    }

    /// <summary>Messages of <c>graphql-transport-ws</c>: the code of the close.</summary>
    public async Task<string> GraphQLAsync(params string[] messages)
    {
        using var tab = await GraphQLTab.ConnectAsync(front, $"user={User}");
        foreach (var message in messages)
            await tab.SendAsync(message);
        return $"close {(await tab.UntilClosedAsync()).Code}";
    }

    /// <summary>Records of SignalR after its handshake, or in its place: the error and whether the line stays, or how it ends.</summary>
    public async Task<string> HubAsync(params string[] records)
    {
        using var socket = await HubSocketAsync();
        foreach (var record in records)
            await SayAsync(socket, record);
        var said = await UntilSaidAsync(socket);
        if (!said.StartsWith("error", StringComparison.Ordinal))
            return said;
        await SayAsync(socket, """{"type":1,"invocationId":"after","target":"State","arguments":[]}""");
        return await UntilSaidAsync(socket) == "result" ? $"{said}; stays open" : $"{said}; and then nothing more";
    }

    /// <summary>A socket to the hub that has not said anything yet.</summary>
    public async Task<ClientWebSocket> HubSocketAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(front) { Scheme = "ws", Path = "/hubs/connection", Query = $"user={User}" }.Uri, CancellationToken.None);
        return socket;
    }

    /// <summary>What a hub says next that matters.</summary>
    public static async Task<string> UntilSaidAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        var (buffer, text) = (new byte[64 << 10], new StringBuilder());
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), limit.Token) is { MessageType: not WebSocketMessageType.Close } read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
                foreach (var record in text.ToString().Split(RecordEnd, StringSplitOptions.RemoveEmptyEntries))
                {
                    if (read.EndOfMessage && Word(JsonDocument.Parse(record).RootElement) is { } word)
                        return word;
                }

                if (read.EndOfMessage)
                    text.Clear();
            }
        }
        catch (WebSocketException)
        {
            // Cut, which says the same.
        }

        return "closed";
    }

    /// <summary>A backend that answers this user's dial like this: how the gateway says it to the user's tab.</summary>
    public async Task<string> UpstreamAsync(Func<LyingBackend.Dial, Task> answer)
    {
        // Not before the tab is open: what happened before it came it is told by the state alone.
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = upstream.Answers(User, async dial =>
        {
            await opened.Task;
            await answer(dial);
        });
        await using var tab = await HubTab.OpenAsync(front, User);
        opened.SetResult();
        var said = "";
        await Eventually.HoldsAsync(
            () =>
            {
                // The state first: a marker comes before the state that goes with it, and may come between two looks.
                var waits = tab.State is { Upstream: "waiting", Reason: { } reason } ? $"waits: {reason}" : "";
                return (said = Marker(tab) ?? waits).Length > 0;
            },
            "the tab is told",
            seen: () => $"{tab.State} {string.Join(" | ", tab.History.Frames.Select(f => f.Text))}");
        return said;
    }

    private static string? Marker(HubTab tab) => tab.History.Frames.FirstOrDefault(f => f.Kind == "upstream-closed") is { Text: { } text }
        ? JsonDocument.Parse(text).RootElement is var closed
            ? $"marker {closed.GetProperty("code").GetInt32()} by {closed.GetProperty("by").GetString()}" : null
        : null;

    private static Task SayAsync(ClientWebSocket socket, string record) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(record + RecordEnd), WebSocketMessageType.Text, true, CancellationToken.None);

    private static string? Word(JsonElement record) =>
        record.ValueKind != JsonValueKind.Object ? null
        : !record.TryGetProperty("type", out var type) ? record.TryGetProperty("error", out _) ? "handshake refused" : null
        : type.GetInt32() switch
        {
            3 => record.TryGetProperty("error", out _) ? "error" : "result",
            7 => "closed",
            _ => null,
        };

    private static async Task<string> WordAsync(HttpResponseMessage response)
    {
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !type.EndsWith("json", StringComparison.Ordinal))
            return status;
        if (type == "application/problem+json")
            return $"{status} problem";
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return body.TryGetProperty("reason", out var reason) ? $"{status} {reason.GetString()}"
            : body.TryGetProperty("errors", out _) ? $"{status} errors" : status;
    }
}
