using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Crowd;
using Connections.Testing.History.Events;
using Connections.Testing.Lines;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Stage;

/// <summary>
/// Silos, fronts and Redis as processes, a backend that plays scripts, a line to each of them that can be spoilt, and a crowd of users in the background.
/// Rows of the matrix act on it; <see cref="MendAsync"/> makes it whole again.
/// </summary>
public sealed class GatewayStage : IAsyncDisposable
{
    private readonly StageSettings _settings;
    private readonly List<SiloProcess> _silos = [];
    private readonly List<FrontProcess> _fronts = [];
    private readonly List<Line> _frontLines = [];
    private readonly HashSet<ChildProcess> _expendable = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _hit = [];
    private Chronicle? _chronicle;
    private volatile Uri[] _doors = [];
    private int _started;
    private int _crowds;

    private GatewayStage(StageSettings settings, NamespaceNetwork? network, ProcessPlace? redis)
    {
        _settings = settings;
        Network = network;
        var outside = network?.Outside ?? "127.0.0.1";
        Redis = new RedisServer(redis, settings.RedisFolder);
        Backend = new ScriptedBackend(settings.Pace, IPAddress.Parse(outside));
        RedisLine = new Line(new Uri($"http://{Redis.ConnectionString}"), outside);
        UpstreamLine = new Line(Backend.Address, outside);
        Backend.Write = Write;
    }

    /// <summary>The network that its processes are hosts of; null when all are on this one.</summary>
    public NamespaceNetwork? Network { get; }

    /// <summary>The store.</summary>
    public RedisServer Redis { get; }

    /// <summary>Between silos, fronts and the store.</summary>
    public Line RedisLine { get; }

    /// <summary>The backend.</summary>
    public ScriptedBackend Backend { get; }

    /// <summary>Between silos and the backend.</summary>
    public Line UpstreamLine { get; }

    /// <summary>The users in the background: others for each row, so that each has a history of its own.</summary>
    public BackgroundCrowd Crowd { get; private set; } = null!;

    /// <summary>The silos that are to run.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The fronts that are to run.</summary>
    public IReadOnlyList<FrontProcess> Fronts => _fronts;

    /// <summary>Between tabs and each front.</summary>
    public IReadOnlyList<Line> FrontLines => _frontLines;

    /// <summary>Where the folder of Redis is.</summary>
    public string? RedisFolder => _settings.RedisFolder;

    /// <summary>What a row wants to be in the table.</summary>
    public IReadOnlyList<string> Notes => _notes;

    // Between hosts of a network it is the network that is spoilt.
    private string RedisAddress => Network is null && _settings.HasLines ? RedisLine.Address.Authority : Redis.ConnectionString;

    private IEnumerable<ChildProcess> Processes => _silos.Select(s => s.Process).Concat(_fronts.Select(f => f.Process));

    /// <summary>Starts everything.</summary>
    /// <param name="settings">How it is set up.</param>
    /// <param name="hasNetwork">Whether each process is a host of its own.</param>
    public static async Task<GatewayStage> StartAsync(StageSettings settings, bool hasNetwork = false)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var network = hasNetwork ? await NamespaceNetwork.StartAsync() : null;
        var stage = new GatewayStage(settings, network, network is null ? null : await network.AddHostAsync());
        try
        {
            await stage.Redis.StartAsync();
            for (var i = 0; i < settings.Silos; i++)
                await stage.AddSiloAsync();
            for (var i = 0; i < settings.Fronts; i++)
                await stage.AddFrontAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a row: a new crowd comes, whose history is written.</summary>
    public async Task BeginAsync()
    {
        _notes.Clear();
        _hit.Clear();
        _chronicle = new Chronicle();
        Crowd = new BackgroundCrowd(_settings, string.Create(CultureInfo.InvariantCulture, $"crowd{_crowds++}"), OpenTab);
        Crowd.Come();

        // Thousands come at once, on a machine that compiles what they need for the first time.
        await Crowd.IsLiveAsync(_settings.ComeWithin + TimeSpan.FromSeconds(60) + (Crowd.Tabs.Count * TimeSpan.FromMilliseconds(10)), Output);
    }

    /// <summary>Ends a row: lets everything come to rest, and asks the history checker.</summary>
    /// <param name="ownersMayOverlap">For how long a user may have had two upstreams.</param>
    /// <returns>What broke a promise.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(TimeSpan ownersMayOverlap)
    {
        var chronicle = _chronicle!;
        Backend.IsPaused = true;
        string? unrest = null;
        try
        {
            await Crowd.IsAtRestAsync(Backend, TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException e)
        {
            unrest = e.Message;
        }

        var found = chronicle.Check(ownersMayOverlap);
        _chronicle = null;
        await Crowd.DisposeAsync();
        Backend.IsPaused = false;
        if (found.Count == 0)
            chronicle.Forget();
        else
            chronicle.Dispose();
        return unrest is null ? found : [unrest, .. found];
    }

    /// <summary>Opens a tab, which begins at a front and goes to the next one whenever its line ends.</summary>
    public CrowdTab OpenTab(string user, string name, int first, TimeSpan after = default) =>
        new(user, name, attempt => _doors[(first + attempt) % _doors.Length], Write, _settings.Pings, _settings.Sends, after);

    /// <summary>Which door is a front's, for <see cref="OpenTab"/>.</summary>
    public int DoorOf(FrontProcess front) => Array.IndexOf(_doors, _frontLines.First(l => l.Target == front.Address).Address);

    /// <summary>A process that ends in this row.</summary>
    public void IsExpendable(ChildProcess process) => _expendable.Add(process);

    /// <summary>The users whose owner a row hits, where they are not told so: whose silo hangs waits and sees no marker.</summary>
    public IReadOnlySet<string> Hit => _hit;

    /// <summary>The users of a silo are hit by this row.</summary>
    public async Task HitsUsersOfAsync(SiloProcess silo)
    {
        using var http = new HttpClient { BaseAddress = _fronts[0].Address };
        foreach (var user in Crowd.Tabs.Select(t => t.User).Distinct())
        {
            var explained = await http.GetFromJsonAsync<JsonElement>(new Uri($"/admin/users/{user}", UriKind.Relative));
            if (explained.GetProperty("silo").GetString()!.Contains($":{silo.SiloPort}", StringComparison.Ordinal))
                _hit.Add(user);
        }
    }

    /// <summary>Puts a figure into the row's line of the table.</summary>
    public void Note(FormattableString note) => _notes.Add(note.ToString(CultureInfo.InvariantCulture));

    /// <summary>The silo with the most users: where they are placed is up to the cluster.</summary>
    public async Task<SiloProcess> BusiestSiloAsync()
    {
        var users = await Task.WhenAll(_silos.Select(async s => (Silo: s, Count: (await s.MetricsAsync()).Sum("connections_users"))));
        return users.MaxBy(u => u.Count).Silo;
    }

    /// <summary>The memory that all silos have of the machine.</summary>
    public int ResidentMiB() => _silos.Where(s => !s.Process.HasExited).Sum(s => s.Process.ResidentMiB());

    /// <summary>Adds a silo under what limits it has.</summary>
    public async Task<SiloProcess> AddSiloAsync(ProcessPlace? place = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"silo-{_started++}");
        var upstream = $"ws://{(_settings.HasLines ? UpstreamLine.Address : Backend.Address).Authority}/ws/{{userId}}";
        var silo = SiloProcess.Start(name, RedisAddress, upstream, _settings.SiloSettings, place: place ?? await HostAsync());
        _silos.Add(silo);
        await silo.IsReadyAsync();
        return silo;
    }

    /// <summary>Adds a front, with a line of its own.</summary>
    public async Task<FrontProcess> AddFrontAsync(ProcessPlace? place = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"front-{_started++}");
        var front = FrontProcess.Start(name, RedisAddress, _settings.FrontSettings, place: place ?? await HostAsync());
        _fronts.Add(front);
        await front.IsReadyAsync();

        if (_settings.HasLines)
            LayLine(front.Address);
        OpenDoors();
        return front;
    }

    /// <summary>Which processes ended that were not to.</summary>
    public IReadOnlyList<string> Ended() =>
        [.. Processes.Where(p => p.HasExited && !_expendable.Contains(p)).Select(p => $"{p.Name} ended with {p.ExitCode}:\n{p.Output}")];

    /// <summary>Starts what has ended again, as a supervisor would.</summary>
    public async Task MendAsync()
    {
        _silos.RemoveAll(s => s.Process.HasExited);
        _fronts.RemoveAll(f => f.Process.HasExited);
        while (_silos.Count < _settings.Silos)
            await AddSiloAsync();
        while (_fronts.Count < _settings.Fronts)
            await AddFrontAsync();
        OpenDoors();
        _expendable.Clear();
    }

    /// <summary>The last lines of every process, for the message of a failure.</summary>
    public string Output() => string.Join("\n\n", Processes.Select(p => $"--- {p.Name}{(p.HasExited ? $" ended with {p.ExitCode}" : "")}\n{p.Output}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_chronicle is not null)
            await Crowd.DisposeAsync();
        foreach (var process in Processes)
            await process.DisposeAsync();
        await Backend.DisposeAsync();
        foreach (var line in _frontLines.Append(RedisLine).Append(UpstreamLine))
            await line.DisposeAsync();
        await Redis.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
    }

    private void Write(HistoryEvent what)
    {
        if (what.User.StartsWith(Victims.Prefix, StringComparison.Ordinal) || Crowd?.IsWitnessed(what.User) == true)
            _chronicle?.Write(what);
    }

    private void OpenDoors() => _doors =
        [.. _settings.HasLines ? _frontLines.Where(l => _fronts.Exists(f => f.Address == l.Target)).Select(l => l.Address) : _fronts.Select(f => f.Address)];

    // The line of one that ended is laid to the newcomer: the place behind a balancer.
    private void LayLine(Uri front)
    {
        if (_frontLines.Find(l => !_fronts.Any(f => l.Target == f.Address)) is { } free)
            free.Lay(front);
        else
            _frontLines.Add(new Line(front, UpstreamLine.Address.Host));
    }

    private async Task<ProcessPlace?> HostAsync() => Network is null ? null : await Network.AddHostAsync();
}
