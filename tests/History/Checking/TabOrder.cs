using System.Globalization;
using Connections.Testing.History.Events;

namespace Connections.Testing.History.Checking;

/// <summary>
/// What one tab got, line by line: inside an epoch every offset once and in order, a jump only where a gap said so, and after a resume what
/// was promised.
/// </summary>
internal sealed class TabOrder
{
    private readonly string _tab;
    private readonly UserLog _log;
    private readonly Expectations _expected;
    private readonly Findings _findings;

    private readonly HashSet<long> _seen = [];
    private readonly Dictionary<long, (HistoryLine? Before, HistoryLine After, bool AfterGap)> _missing = [];
    private readonly HashSet<string> _left = [];
    private string? _epoch;
    private long _next;
    private HistoryLine? _last;
    private HistoryLine? _gap;
    private HistoryLine? _owed;

    private TabOrder(string tab, UserLog log, Expectations expected, Findings findings)
    {
        _tab = tab;
        _log = log;
        _expected = expected;
        _findings = findings;
    }

    /// <summary>When the tab was placed last, in microseconds; null while it is closed.</summary>
    public long? OpenSince { get; private set; }

    /// <summary>Checks all tabs of a user.</summary>
    /// <returns>The tabs as they stood at the end.</returns>
    public static IReadOnlyList<TabOrder> Check(HistoryLine[] lines, UserLog log, Expectations expected, Findings findings)
    {
        var tabs = new Dictionary<string, TabOrder>();
        foreach (var line in lines)
        {
            var name = line.Event switch
            {
                TabOpened o => o.Tab,
                TabGapTold g => g.Tab,
                TabReceived r => r.Tab,
                TabClosed c => c.Tab,
                _ => null,
            };
            if (name is null)
                continue;
            if (!tabs.TryGetValue(name, out var tab))
                tabs[name] = tab = new TabOrder(name, log, expected, findings);
            tab.Take(line);
        }

        foreach (var tab in tabs.Values)
            tab.End();
        return [.. tabs.Values];
    }

    private void Take(HistoryLine line)
    {
        switch (line.Event)
        {
            case TabOpened opened:
                Open(opened, line);
                break;
            case TabGapTold gap:
                Told(gap, line);
                break;
            case TabReceived frame:
                Got(frame, line);
                break;
            default:
                OpenSince = null;
                break;
        }

        _last = line;
    }

    private void Open(TabOpened opened, HistoryLine line)
    {
        OpenSince = line.At;
        _owed = null;
        _gap = null;
        if (opened.Recovered && opened.Position != opened.Asked)
        {
            _findings.Add(
                ViolationKind.FalseRecovery, $"recovered at {opened.Position}, but {opened.Asked ?? "nothing"} was asked for", [_last, line], _tab, opened.Position);
        }

        if (!opened.Recovered && opened.Asked is not null)
        {
            // The gap in the first batch says where it goes on.
            _owed = line;
            return;
        }

        var (epoch, offset) = Parse(opened.Position);
        Enter(epoch, line, opened.Position);
        _seen.RemoveWhere(o => o > offset);
        foreach (var later in _missing.Keys.Where(o => o > offset).ToArray())
            _missing.Remove(later);
        _next = offset + 1;
    }

    private void Told(TabGapTold gap, HistoryLine line)
    {
        Enter(gap.Epoch, line, UserLog.At(gap.Epoch, gap.Next));
        _seen.RemoveWhere(o => o >= gap.Next);
        _next = gap.Next;
        _owed = null;
        _gap = line;
    }

    private void Got(TabReceived frame, HistoryLine line)
    {
        var position = UserLog.At(frame.Epoch, frame.Offset);
        var due = _epoch is null ? "nothing" : UserLog.At(_epoch, _next);
        if (_owed is { } refused)
        {
            _findings.Add(ViolationKind.FrameBeforeGap, "it came after recovered: false, and before the gap", [refused, line], _tab, position);
            _owed = null;
            Enter(frame.Epoch, line, position);
            _next = frame.Offset;
        }
        else if (frame.Epoch != _epoch)
        {
            _findings.Add(
                _gap is null ? ViolationKind.UndeclaredGap : ViolationKind.WrongGap, $"it is of another epoch, {due} was due", [_gap, _last, line], _tab, position);
            Enter(frame.Epoch, line, position);
            _next = frame.Offset;
        }

        if (!_seen.Add(frame.Offset))
        {
            _findings.Add(ViolationKind.Doubled, $"it came before, {due} was due", [_last, line], _tab, position);
        }
        else if (_missing.Remove(frame.Offset))
        {
            _findings.Add(ViolationKind.Reordered, "it came after frames that follow it", [_last, line], _tab, position);
        }
        else if (frame.Offset < _next)
        {
            _findings.Add(
                _gap is null ? ViolationKind.Reordered : ViolationKind.WrongGap, $"it is from before {due}, which was due", [_gap, _last, line], _tab, position);
        }

        for (var offset = _next; offset < frame.Offset; offset++)
            _missing[offset] = (_last, line, _gap is not null);
        _next = Math.Max(_next, frame.Offset + 1);
        _gap = null;
    }

    // Going back to an epoch that was left is going back to an owner that was replaced.
    private void Enter(string epoch, HistoryLine line, string position)
    {
        if (epoch == _epoch)
            return;
        if (_epoch is not null)
            _left.Add(_epoch);
        if (_left.Contains(epoch) && line.At - _log.FirstSeen(_epoch!) > _expected.OwnersMayOverlap.TotalMicroseconds)
            _findings.Add(ViolationKind.StaleOwner, $"the tab had left this epoch for {_epoch}, and is led back", [_last, line], _tab, position);
        Report();
        _seen.Clear();
        _epoch = epoch;
    }

    private void Report()
    {
        foreach (var (offset, (before, after, afterGap)) in _missing)
        {
            _findings.Add(
                afterGap ? ViolationKind.WrongGap : ViolationKind.UndeclaredGap, afterGap ? "it never came, though the gap ended before it" : "it never came, and no gap was told",
                [before, after], _tab, UserLog.At(_epoch!, offset));
        }

        _missing.Clear();
    }

    private void End()
    {
        Report();
        if (!_expected.IsSettled || OpenSince is null)
            return;
        if (_owed is { } refused)
            _findings.Add(ViolationKind.Stuck, "it was refused, and the gap was never told", [refused], _tab);
        else if (_log.Top is { } top && (_epoch != top.Epoch || _next <= top.Offset))
            _findings.Add(ViolationKind.Stuck, $"the log's top is {UserLog.At(top.Epoch, top.Offset)}", [_last], _tab, UserLog.At(_epoch!, _next - 1));
    }

    private static (string Epoch, long Offset) Parse(string position)
    {
        var hyphen = position.IndexOf('-', StringComparison.Ordinal);
        return (position[..hyphen], long.Parse(position.AsSpan(hyphen + 1), CultureInfo.InvariantCulture));
    }
}
