using Connections.Testing.History;
using Connections.Testing.History.Checking;
using Connections.Testing.History.Events;

namespace Connections.Faults.Tests;

/// <summary>What backend and tabs of one row saw, for the history checker. Each row has a history of its own, with users of its own.</summary>
public sealed class Chronicle : IDisposable
{
    private const int Shown = 5;

    // There is a line between, in this process, which has thousands of ends of lines to tell of at once.
    private static readonly TimeSpan LossIsHeardWithin = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connections-history-");
    private readonly HistoryWriter _writer;
    private volatile bool _closed;

    /// <summary>Begins one.</summary>
    public Chronicle() => _writer = HistoryWriter.Create(_folder.FullName, "stage");

    /// <summary>Notes what somebody saw.</summary>
    public void Write(HistoryEvent what)
    {
        if (_closed)
            return;
        try
        {
            _writer.Write(what);
        }
        catch (ObjectDisposedException)
        {
            // The row is over, and somebody is late.
        }
    }

    /// <summary>What broke a promise, after everything has come to rest.</summary>
    /// <param name="ownersMayOverlap">For how long a user may have two upstreams.</param>
    public IReadOnlyList<string> Check(TimeSpan ownersMayOverlap)
    {
        _closed = true;
        var violations = HistoryChecker.Check(
            RecordedHistory.Read(_folder.FullName), new Expectations { IsSettled = true, OwnersMayOverlap = ownersMayOverlap, LossIsHeardWithin = LossIsHeardWithin });
        if (violations.Count == 0)
            return [];
        var kinds = string.Join(", ", violations.CountBy(v => v.Kind).Select(k => $"{k.Value} {k.Key}"));
        return [$"the history checker found {kinds} (kept in {_folder.FullName})", .. violations.Take(Shown).Select(v => v.ToString())];
    }

    /// <summary>Forgets it.</summary>
    public void Forget()
    {
        Dispose();
        _folder.Delete(recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed = true;
        _writer.Dispose();
    }
}
