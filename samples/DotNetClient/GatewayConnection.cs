using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Connections.DotNetClient;

/// <summary>A connection to a gateway that resumes by position: copy it into your application.</summary>
internal sealed class GatewayConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly string _client = Guid.NewGuid().ToString("N");
    private TimeSpan _wait;
    private string? _position;
    private long _sequence;

    /// <summary>Makes one that is not open yet.</summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="user">Who one is, in Development.</param>
    /// <param name="token">Gives the access token, asked for at each connect.</param>
    /// <param name="time">The clock.</param>
    public GatewayConnection(Uri gateway, string? user, Func<Task<string?>> token, TimeProvider time)
    {
        _time = time;
        _hub = new HubConnectionBuilder()
            .WithUrl(new Uri(gateway, $"/hubs/connection{(user is null ? "" : $"?user={user}")}"), o =>
            {
                o.AccessTokenProvider = token;

                // Any front will do: no negotiation, no sticky sessions.
                o.SkipNegotiation = true;
                o.Transports = HttpTransportType.WebSockets;
            })
            .AddMessagePackProtocol()
            .WithAutomaticReconnect(new Patience(this))
            .Build();
        _hub.On<Batch>("Frames", Take);
        _hub.On<State>("State", state => StateChanged?.Invoke(state));
        _hub.On<Receipt>("Receipt", receipt => ReceiptCame?.Invoke(receipt));
        _hub.On<string, long?>("Closing", (_, retryAfterMs) => _wait = TimeSpan.FromMilliseconds(retryAfterMs ?? 0));
        _hub.Reconnected += async _ => await PlaceAsync(CancellationToken.None);
    }

    /// <summary>A frame came, in order, each once.</summary>
    public event Action<Frame>? FrameReceived;

    /// <summary>Frames are missing before the next one.</summary>
    public event Action<Gap>? GapSeen;

    /// <summary>The upstream's state changed.</summary>
    public event Action<State>? StateChanged;

    /// <summary>The final receipt of a message that was answered with <c>queued</c>.</summary>
    public event Action<Receipt>? ReceiptCame;

    /// <summary>Connects; tries until it has, or until it is cancelled.</summary>
    public async Task OpenAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await _hub.StartAsync(ct);
                await PlaceAsync(ct);
                return;
            }
            catch (HttpRequestException) when (!ct.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble()), _time, ct);
            }
        }
    }

    /// <summary>Sends a text, in order.</summary>
    public async Task<Receipt> SendAsync(string text)
    {
        await _sending.WaitAsync();
        try
        {
            // After a cut in the middle of a send, the same id again tells what became of it; this sample leaves that to the reader.
            return await _hub.InvokeAsync<Receipt>("Send", $"{_client}:{++_sequence}", text, null);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _sending.Dispose();
    }

    private async Task PlaceAsync(CancellationToken ct)
    {
        var opened = await _hub.InvokeAsync<Opened>("Open", _position, ct);
        _position ??= opened.Position;
        StateChanged?.Invoke(opened.State);
    }

    private void Take(Batch batch)
    {
        if (batch.Gap is { } gap)
        {
            GapSeen?.Invoke(gap);
            _position = $"{batch.Epoch}-{gap.Next - 1}";
        }

        foreach (var frame in batch.Frames)
        {
            FrameReceived?.Invoke(frame);
            _position = $"{batch.Epoch}-{frame.Offset}";
        }
    }

    /// <summary>Reconnects for ever, after what the gateway asked for and a random time, so that not everybody comes at once.</summary>
    private sealed class Patience(GatewayConnection connection) : IRetryPolicy
    {
        public TimeSpan? NextRetryDelay(RetryContext retryContext)
        {
            var asked = connection._wait;
            connection._wait = TimeSpan.Zero;
            var most = Math.Min(30, Math.Pow(2, Math.Min(10, retryContext.PreviousRetryCount)));
            return asked + TimeSpan.FromSeconds(most * Random.Shared.NextDouble());
        }
    }
}
