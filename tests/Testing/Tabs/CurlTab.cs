using System.Collections.Concurrent;
using System.Text.Json;
using Connections.Testing.Processes;

namespace Connections.Testing.Tabs;

/// <summary>A tab that is <c>curl -N …/sse</c>. It does not reconnect by itself: whoever runs it gives it the last id it printed.</summary>
public sealed class CurlTab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _texts = [];
    private readonly Uri _address;
    private readonly string _user;
    private ChildProcess _process;
    private string? _event;
    private string? _pendingId;
    private string _data = "";

    private CurlTab(Uri address, string user)
    {
        _address = address;
        _user = user;
        _process = Start();
    }

    /// <summary>What it saw.</summary>
    public TabHistory History { get; } = new();

    /// <summary>The texts it saw, in order.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>The last id it printed.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>Whether it has ended, because the line was cut.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>How often it was told where it stands.</summary>
    public int Opened { get; private set; }

    /// <summary>Starts one.</summary>
    public static CurlTab Start(Uri address, string user) => new(address, user);

    /// <summary>Starts it again where it was.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = Start();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private ChildProcess Start() => ChildProcess.StartHeard(
        "curl", "curl", Heard, ["-sN", .. LastEventId is null ? Array.Empty<string>() : ["-H", $"Last-Event-ID: {LastEventId}"], $"{_address}sse?user={_user}"]);

    private void Heard(string line)
    {
        if (line.StartsWith("event: ", StringComparison.Ordinal))
            _event = line[7..];
        else if (line.StartsWith("id: ", StringComparison.Ordinal))
            _pendingId = line[4..];
        else if (line.StartsWith("data: ", StringComparison.Ordinal))
            _data = line[6..];
        else if (line.Length == 0 && _event is not null)
            Dispatch();
    }

    private void Dispatch()
    {
        LastEventId = _pendingId ?? LastEventId;
        if (_event == "opened")
        {
            Opened++;
        }
        else if (_event == "gap")
        {
            History.Received(new TabBatch(LastEventId!.Split('-')[0], JsonSerializer.Deserialize<TabGap>(_data), []));
        }
        else if (_event == "frame" && JsonSerializer.Deserialize<TabFrame>(_data) is { } frame)
        {
            History.Received(new TabBatch(LastEventId!.Split('-')[0], null, [frame]));
            if (frame.Kind == "text")
                _texts.Enqueue(frame.Text!);
        }

        (_event, _pendingId) = (null, null);
    }
}
