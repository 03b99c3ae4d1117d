using System.Globalization;
using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Crowd;
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
    private Chronicle? _chronicle;
    private int _started;
    private int _crowds;

    /// <summary>One that has not started.</summary>
    public GatewayStage(StageSettings? settings = null)
    {
        _settings = settings ?? new StageSettings();
        Redis = new RedisServer(parent: _settings.RedisFolder);
        Backend = new ScriptedBackend(_settings.Pace);
        RedisLine = new Line(new Uri($"http://{Redis.ConnectionString}"));
        UpstreamLine = new Line(Backend.Address);
        Backend.Write = what => _chronicle?.Write(what);
    }

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

    /// <summary>What a row wants to be in the table.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private IEnumerable<ChildProcess> Processes => _silos.Select(s => s.Process).Concat(_fronts.Select(f => f.Process));

    /// <summary>Starts everything.</summary>
    public async Task StartAsync()
    {
        await Redis.StartAsync();
        for (var i = 0; i < _settings.Silos; i++)
            await AddSiloAsync();
        await Task.WhenAll(Enumerable.Range(0, _settings.Fronts).Select(_ => AddFrontAsync()));
    }

    /// <summary>Begins a row: a new crowd comes, whose history is written.</summary>
    public async Task BeginAsync()
    {
        _chronicle = new Chronicle();
        Crowd = new BackgroundCrowd(_settings, string.Create(CultureInfo.InvariantCulture, $"crowd{_crowds++}"), OpenTab);
        await Crowd.IsLiveAsync(TimeSpan.FromSeconds(60), Output);
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
    public CrowdTab OpenTab(string user, string name, int first) =>
        new(user, name, attempt => _frontLines[(first + attempt) % _frontLines.Count].Address, what => _chronicle?.Write(what), _settings.Sends);

    /// <summary>A process that ends in this row.</summary>
    public void IsExpendable(ChildProcess process) => _expendable.Add(process);

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
        var upstream = $"ws://{UpstreamLine.Address.Authority}/ws/{{userId}}";
        var silo = SiloProcess.Start(name, RedisLine.Address.Authority, upstream, _settings.SiloSettings, place);
        _silos.Add(silo);
        await silo.IsReadyAsync();
        return silo;
    }

    /// <summary>Adds a front, with a line of its own.</summary>
    public async Task<FrontProcess> AddFrontAsync(ProcessPlace? place = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"front-{_started++}");
        var front = FrontProcess.Start(name, RedisLine.Address.Authority, _settings.FrontSettings, place);
        _fronts.Add(front);
        await front.IsReadyAsync();

        // The line of one that ended is laid to the newcomer: the place behind a balancer.
        var free = _frontLines.FindIndex(l => !_fronts.Any(f => l.Target == f.Address));
        if (free >= 0)
            _frontLines[free].Lay(front.Address);
        else
            _frontLines.Add(new Line(front.Address));
        return front;
    }

    /// <summary>Which processes ended that were not to.</summary>
    public IReadOnlyList<string> Ended() =>
        [.. Processes.Where(p => p.HasExited && !_expendable.Contains(p)).Select(p => $"{p.Name} ended with {p.ExitCode}:\n{p.Output}")];

    /// <summary>Starts what has ended again, as a supervisor would.</summary>
    public async Task MendAsync()
    {
        var silos = _silos.RemoveAll(s => s.Process.HasExited);
        var fronts = _fronts.RemoveAll(f => f.Process.HasExited);
        for (var i = 0; i < silos; i++)
            await AddSiloAsync();
        for (var i = 0; i < fronts; i++)
            await AddFrontAsync();
        _expendable.Clear();
        _notes.Clear();
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
    }
}
