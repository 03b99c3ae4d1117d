using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Connections.Testing.Tabs;

/// <summary>A tab that speaks SignalR with Microsoft's own client.</summary>
public sealed class HubTab : IAsyncDisposable
{
    private static readonly TimeSpan HandlersTake = TimeSpan.FromSeconds(2);

    private readonly HubConnection _connection;
    private readonly ConcurrentQueue<TabReceipt> _late = [];
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubTab(Uri front, string user, TabHistory history, bool messagePack, bool skipNegotiation, string? token)
    {
        History = history;
        var query = token is null ? $"?user={user}" : "";
        var builder = new HubConnectionBuilder().WithUrl(new Uri(front, $"/hubs/connection{query}"), o =>
        {
            o.SkipNegotiation = skipNegotiation;
            o.Transports = skipNegotiation ? HttpTransportType.WebSockets : o.Transports;
            if (token is not null)
                o.AccessTokenProvider = () => Task.FromResult<string?>(token);
        });
        _connection = (messagePack ? builder.AddMessagePackProtocol() : builder).Build();
        _connection.On<TabBatch>("Frames", history.Received);
        _connection.On<TabState>("State", s => State = s);
        _connection.On<TabReceipt>("Receipt", _late.Enqueue);
        _connection.On<string, long?>("Closing", (reason, retryAfter) =>
        {
            Closing = (reason, retryAfter);
            _told.TrySetResult();
        });
        _connection.Closed += async error =>
        {
            // SignalR's client does not wait for the handlers of what it has received before it says that it is closed.
            if (error is null)
                await Task.WhenAny(_told.Task, Task.Delay(HandlersTake, TimeProvider.System));
            _closed.TrySetResult();
        };
    }

    /// <summary>What it saw.</summary>
    public TabHistory History { get; }

    /// <summary>The final receipts that came by themselves.</summary>
    public IReadOnlyCollection<TabReceipt> LateReceipts => _late;

    /// <summary>The newest state it was told.</summary>
    public TabState? State { get; private set; }

    /// <summary>Why the front closed it, once it has.</summary>
    public (string Reason, long? RetryAfterMs)? Closing { get; private set; }

    /// <summary>The answer to its open.</summary>
    public TabOpened Opened { get; private set; } = null!;

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects and opens, at the history's position if it has one.</summary>
    public static async Task<HubTab> OpenAsync(
        Uri front, string user, TabHistory? history = null, bool messagePack = false, bool skipNegotiation = true, string? token = null)
    {
        var tab = await ConnectAsync(front, user, history, messagePack, skipNegotiation, token);
        try
        {
            await tab.OpenAtAsync(tab.History.Position);
            return tab;
        }
        catch
        {
            await tab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects, and does not open.</summary>
    public static async Task<HubTab> ConnectAsync(
        Uri front, string user, TabHistory? history = null, bool messagePack = false, bool skipNegotiation = true, string? token = null)
    {
        var tab = new HubTab(front, user, history ?? new TabHistory(), messagePack, skipNegotiation, token);
        try
        {
            await tab._connection.StartAsync();
            return tab;
        }
        catch
        {
            await tab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens at a position, or at the top.</summary>
    public async Task OpenAtAsync(string? position)
    {
        Opened = await _connection.InvokeAsync<TabOpened>("Open", position);
        State ??= Opened.State;
        History.Opened(Opened, position);
    }

    /// <summary>Sends a text.</summary>
    public Task<TabReceipt> SendAsync(string id, string text, string? delivery = null) =>
        _connection.InvokeAsync<TabReceipt>("Send", id, text, new TabSendOptions(delivery));

    /// <summary>Sends bytes.</summary>
    public Task<TabReceipt> SendBinaryAsync(string id, byte[] data) => _connection.InvokeAsync<TabReceipt>("SendBinary", id, data, null);

    /// <summary>Asks how the connection stands.</summary>
    public Task<TabState> AskStateAsync() => _connection.InvokeAsync<TabState>("State");

    /// <summary>Calls anything, for what no client of ours would.</summary>
    public Task<T> InvokeAsync<T>(string method, params object?[] args) => _connection.InvokeCoreAsync<T>(method, args);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
