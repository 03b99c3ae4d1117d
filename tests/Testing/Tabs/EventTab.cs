using System.Collections.Concurrent;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Connections.Testing.Tabs;

/// <summary>A tab that reads <c>/sse</c>, and checks what it sees with a <see cref="TabHistory"/>.</summary>
public sealed class EventTab : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Type, string Data)> _others = [];
    private readonly Task _reading;

    private EventTab(HttpClient http, HttpResponseMessage response, TabHistory history)
    {
        _http = http;
        _response = response;
        History = history;
        _reading = ReadAsync();
    }

    /// <summary>What it saw.</summary>
    public TabHistory History { get; }

    /// <summary>The answer's headers.</summary>
    public HttpResponseMessage Response => _response;

    /// <summary>The id of the newest event that had one.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>How long the front asked it to wait before it reconnects.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>The answer to its open.</summary>
    public TabOpened? Opened { get; private set; }

    /// <summary>The newest state it was told.</summary>
    public TabState? State { get; private set; }

    /// <summary>Events of other types: receipts and closings.</summary>
    public IReadOnlyCollection<(string Type, string Data)> Others => _others;

    /// <summary>Completes when the stream has ended.</summary>
    public Task Ended => _reading;

    /// <summary>Connects; throws when the front refuses.</summary>
    /// <param name="front">The front.</param>
    /// <param name="query">Who it is and what it wants, such as <c>user=alice</c>.</param>
    /// <param name="lastEventId">Where it goes on.</param>
    /// <param name="history">What it saw before.</param>
    public static async Task<EventTab> OpenAsync(Uri front, string query, string? lastEventId = null, TabHistory? history = null)
    {
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(front, $"/sse?{query}"));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException(await response.Content.ReadAsStringAsync(), null, response.StatusCode);
        return new EventTab(http, response, history ?? new TabHistory());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _response.Dispose();
        await _reading;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            var parser = SseParser.Create(await _response.Content.ReadAsStreamAsync(_stop.Token));
            await foreach (var item in parser.EnumerateAsync(_stop.Token))
            {
                Took(item);
                LastEventId = parser.LastEventId;
                if (parser.ReconnectionInterval > TimeSpan.Zero)
                    Retry = parser.ReconnectionInterval;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The line is gone.
        }
    }

    private void Took(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "opened":
                Opened = Read<TabOpened>(item);
                State ??= Opened.State;
                History.Opened(Opened, Opened.Position);
                break;
            case "frame":
                History.Received(new TabBatch(item.EventId!.Split('-')[0], null, [Read<TabFrame>(item)]));
                break;
            case "gap":
                History.Received(new TabBatch(item.EventId!.Split('-')[0], Read<TabGap>(item), []));
                break;
            case "state":
                State = Read<TabState>(item);
                break;
            default:
                _others.Enqueue((item.EventType, item.Data));
                break;
        }
    }

    private static T Read<T>(SseItem<string> item) => JsonSerializer.Deserialize<T>(item.Data)!;
}
