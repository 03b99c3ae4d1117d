using System.Globalization;
using Connections.Testing.History.Events;

namespace Connections.Testing.History.Checking;

/// <summary>One user's log as all witnesses together know it: what stood at which position. Reports positions that two of them tell differently.</summary>
internal sealed class UserLog
{
    private readonly Dictionary<string, SortedList<long, Entry>> _epochs = [];
    private readonly Dictionary<string, long> _firstSeen = [];

    private UserLog()
    {
    }

    /// <summary>What stood at a position.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Offset">The offset.</param>
    /// <param name="Kind">The frame's kind.</param>
    /// <param name="Message">Its message.</param>
    /// <param name="Line">Who says so.</param>
    public sealed record Entry(string Epoch, long Offset, string Kind, string? Message, HistoryLine Line)
    {
        public string Position => At(Epoch, Offset);
    }

    /// <summary>Each epoch's entries by their offsets, the epoch seen first first.</summary>
    public IEnumerable<IReadOnlyList<Entry>> Epochs => _epochs.OrderBy(e => _firstSeen[e.Key]).Select(e => (IReadOnlyList<Entry>)e.Value.Values.AsReadOnly());

    /// <summary>When an epoch was first heard of, in microseconds.</summary>
    public long FirstSeen(string epoch) => _firstSeen.GetValueOrDefault(epoch, long.MaxValue);

    /// <summary>The newest epoch and its newest offset.</summary>
    public (string Epoch, long Offset)? Top => _epochs.Count == 0 ? null : _epochs.MaxBy(e => _firstSeen[e.Key]) is var e ? (e.Key, e.Value.Keys[^1]) : null;

    public static string At(string epoch, long offset) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{offset}");

    public static UserLog Of(HistoryLine[] lines, Findings findings)
    {
        var log = new UserLog();
        foreach (var line in lines)
        {
            switch (line.Event)
            {
                case Stamped s:
                    log.Add(new Entry(s.Epoch, s.Offset, s.Kind, s.Message, line), findings);
                    break;
                case TabReceived r:
                    log.Add(new Entry(r.Epoch, r.Offset, r.Kind, r.Message, line), findings);
                    break;
                case TabGapTold g:
                    log._firstSeen.TryAdd(g.Epoch, line.At);
                    break;
            }
        }

        return log;
    }

    private void Add(Entry entry, Findings findings)
    {
        _firstSeen.TryAdd(entry.Epoch, entry.Line.At);
        if (!_epochs.TryGetValue(entry.Epoch, out var entries))
            _epochs[entry.Epoch] = entries = [];
        if (entries.TryAdd(entry.Offset, entry))
            return;
        var before = entries[entry.Offset];
        if (before.Kind != entry.Kind || before.Message != entry.Message)
        {
            findings.Add(
                ViolationKind.ContentsDiffer, $"{before.Kind} {before.Message} stands there, and {entry.Kind} {entry.Message}",
                [before.Line, entry.Line], position: entry.Position);
        }
        else if ((before.Line.Event, entry.Line.Event) is (Stamped one, Stamped other) && one.Owner != other.Owner)
        {
            findings.Add(ViolationKind.TwoOwners, $"{one.Owner} and {other.Owner} both stamped it", [before.Line, entry.Line], position: entry.Position);
        }
    }
}
