using System.Collections.Concurrent;
using System.Text.Json;
using Connections.Testing.Processes;

namespace Connections.Testing.Tabs;

/// <summary>A tab in a Node process with a client library that is not ours; see <c>tests/WaysIn</c>.</summary>
public sealed class NodeTab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _texts = [];
    private readonly ChildProcess _process;
    private int _opened;

    private NodeTab(string script, Uri address, string user)
    {
        var folder = Path.Combine(Repository.Root, "tests", "WaysIn");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("The Node clients are not installed: run 'npm ci' in tests/WaysIn first.");
        _process = ChildProcess.StartHeard(
            script, "node", Heard, Path.Combine(folder, "clients", script), address.GetLeftPart(UriPartial.Authority), user);
    }

    /// <summary>What it saw, for all forms but verbatim.</summary>
    public TabHistory History { get; } = new();

    /// <summary>The texts it saw, in order.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>How often it was told where it stands: once more with each reconnect.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>The process's last lines.</summary>
    public string Output => _process.Output;

    /// <summary>Starts one.</summary>
    /// <param name="script">The client's file in <c>tests/WaysIn/clients</c>.</param>
    /// <param name="address">Where it connects.</param>
    /// <param name="user">Who it is.</param>
    public static NodeTab Start(string script, Uri address, string user) => new(script, address, user);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Heard(string line)
    {
        if (!line.StartsWith('{'))
            return;
        var message = JsonSerializer.Deserialize<Report>(line, JsonSerializerOptions.Web)!;
        if (message.Opened)
            Interlocked.Increment(ref _opened);
        if (message.Gap is { } gap)
            History.Received(new TabBatch(message.Epoch!, gap, []));
        if (message.Frame is { } frame)
            History.Received(new TabBatch(message.Epoch!, null, [frame]));
        if ((message.Text ?? (message.Frame is { Kind: "text" } f ? f.Text : null)) is { } text)
            _texts.Enqueue(text);
    }

    private sealed record Report(bool Opened, string? Epoch, TabFrame? Frame, TabGap? Gap, string? Text);
}
