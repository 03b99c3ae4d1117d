using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Connections.Testing.History.Events;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests.Backend;

/// <summary>
/// The backend of a stage, in the tests' own process: one clock for what it sends and what tabs get, and a script for each user that may break every
/// rule. Users without a script get numbered messages at the pace of the backend.
/// </summary>
public sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ScriptedDial, bool> _open = [];
    private readonly ConcurrentDictionary<string, int> _dialsOf = new(StringComparer.Ordinal);
    private readonly NumberedMessages _messages;
    private readonly TcpPort _port;
    private long _dials;

    /// <summary>Starts it.</summary>
    /// <param name="pace">How often a user gets a message.</param>
    /// <param name="address">Where it listens; on this machine alone by default.</param>
    public ScriptedBackend(TimeSpan pace, IPAddress? address = null)
    {
        Pace = pace;
        _messages = new NumberedMessages(this);
        Serve = (dial, ct) => _messages.RunAsync(dial, Pace, 0, ct);
        Everybody = Serve;
        _port = new TcpPort(address ?? IPAddress.Loopback, PlayAsync);
    }

    /// <summary>How often a user gets a message.</summary>
    public TimeSpan Pace { get; set; }

    /// <summary>Whether healthy scripts hold their messages back, so that everything comes to rest.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Where it notes what it sees.</summary>
    public Action<HistoryEvent> Write { get; set; } = _ => { };

    /// <summary>What is done with the dials of users that have no script of their own.</summary>
    public Script Everybody { get; set; }

    /// <summary>Sends numbered messages and takes what comes: the script of a healthy backend.</summary>
    public Script Serve { get; }

    /// <summary>Its address, for a line to it.</summary>
    public Uri Address => new($"http://{_port.EndPoint}");

    /// <summary>Dials so far, whatever became of them.</summary>
    public long Dials => Interlocked.Read(ref _dials);

    /// <summary>Dials of a user so far.</summary>
    public int DialsOf(string user) => _dialsOf.GetValueOrDefault(user);

    /// <summary>As <see cref="Serve"/>, at a pace of its own and with messages of a size.</summary>
    public Script ServeAt(TimeSpan pace, int bytes = 0) => (dial, ct) => _messages.RunAsync(dial, pace, bytes, ct);

    /// <summary>Connections now, of any script.</summary>
    public int Connections => _open.Count;

    /// <summary>The connections of a user now.</summary>
    public int ConnectionsOf(string user) => _open.Keys.Count(d => d.User == user);

    /// <summary>When the newest message to a user was made.</summary>
    public long NewestMadeFor(string user) => _messages.NewestMadeFor(user);

    /// <summary>Gives a user a script, for its next dials.</summary>
    public void Play(string user, Script script) => _scripts[user] = script;

    /// <summary>Gives a user the script of everybody again.</summary>
    public void Forget(string user) => _scripts.TryRemove(user, out _);

    /// <summary>Ends the open connections of a user, or of all, by RST.</summary>
    public void Reset(string? user = null)
    {
        foreach (var dial in _open.Keys.Where(d => user is null || d.User == user))
            dial.Reset();
    }

    /// <summary>Stops listening: dials are refused as by a machine without the program.</summary>
    public void Stop() => _port.Refuse();

    /// <summary>Listens again.</summary>
    public void Start() => _port.Accept();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _port.DisposeAsync();
        Reset();
    }

    private async Task PlayAsync(TcpClient client, CancellationToken ct)
    {
        ScriptedDial? dial = null;
        try
        {
            dial = await ScriptedDial.ReadAsync(client, Interlocked.Increment(ref _dials), what => Write(what), ct);
            if (dial is null)
                return;
            _open[dial] = true;
            _dialsOf.AddOrUpdate(dial.User, 1, (_, n) => n + 1);
            await (_scripts.GetValueOrDefault(dial.User) ?? Everybody)(dial, ct);
        }
        finally
        {
            if (dial is not null)
            {
                _open.TryRemove(dial, out _);
                dial.Ended();
            }
        }
    }
}
