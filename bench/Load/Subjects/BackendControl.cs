using System.Collections.Concurrent;
using System.Globalization;

namespace Connections.Load.Subjects;

/// <summary>The backend's process, as the one who measures sees it.</summary>
internal sealed class BackendControl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<string[]> _answers = [];
    private readonly ChildProcess _process;

    public BackendControl()
    {
        _process = ChildProcess.Self(["backend"], line => _answers.Add(line.Split(' ')));
        Port = (int)Answer("port")[0];
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Pid;

    /// <summary>Connections now, dials since the last reset, and the most of them in any second.</summary>
    public (int Connections, int Dials, int MostInASecond) Stats()
    {
        _process.Say($"stats");
        var answer = Answer("stats");
        return ((int)answer[0], (int)answer[1], (int)answer[2]);
    }

    /// <summary>Forgets the dials, and has done so when this returns.</summary>
    public void Reset()
    {
        _process.Say($"reset");
        Stats();
    }

    /// <summary>Cuts all connections, and turns away who dials for so many seconds.</summary>
    public void BeAway(int seconds) => _process.Say($"away {seconds}");

    /// <summary>Says to each connection that it is open.</summary>
    public void Greet(int payload) => _process.Say($"greet {payload}");

    /// <summary>Sends messages from now on.</summary>
    /// <returns>When it began, by the machine's monotonic clock.</returns>
    public long Send(int users, int perSecond, int seconds, int payload)
    {
        _process.Say($"send {users} {perSecond} {seconds} {payload}");
        return Answer("began")[0];
    }

    /// <summary>Waits until all were sent.</summary>
    /// <returns>How many.</returns>
    public long Made() => Answer("made")[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _answers.Dispose();
    }

    private long[] Answer(string name)
    {
        if (!_answers.TryTake(out var words, Patience) || words[0] != name)
            throw new TimeoutException($"The backend did not say '{name}': {string.Join(' ', words ?? [])}");
        return [.. words.Skip(1).Select(w => long.Parse(w, CultureInfo.InvariantCulture))];
    }
}
