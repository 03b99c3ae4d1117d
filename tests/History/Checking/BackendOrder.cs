using Connections.Testing.History.Events;

namespace Connections.Testing.History.Checking;

/// <summary>
/// The log beside what the backend sent: between two markers stand the messages of one connection, from its first one on, without holes,
/// each once. Skipped for a user of whose backend nothing is known.
/// </summary>
internal sealed class BackendOrder
{
    private readonly Findings _findings;
    private readonly Dictionary<long, List<(string Message, HistoryLine Line)>> _sent = [];
    private readonly Dictionary<string, (long Connection, int Index, HistoryLine Line)> _where = [];
    private readonly HashSet<string> _pushed = [];
    private readonly HashSet<long> _open = [];
    private readonly Dictionary<string, UserLog.Entry> _stamped = [];

    private BackendOrder(HistoryLine[] lines, Findings findings)
    {
        _findings = findings;
        foreach (var line in lines)
        {
            switch (line.Event)
            {
                case BackendOpened opened:
                    _open.Add(opened.Connection);
                    _sent[opened.Connection] = [];
                    break;
                case BackendClosed closed:
                    _open.Remove(closed.Connection);
                    break;
                case BackendSent sent when _sent.TryGetValue(sent.Connection, out var messages):
                    _where.TryAdd(sent.Message, (sent.Connection, messages.Count, line));
                    messages.Add((sent.Message, line));
                    break;
                case Pushed pushed:
                    _pushed.Add(pushed.Message);
                    break;
            }
        }
    }

    /// <summary>Checks a user.</summary>
    public static void Check(HistoryLine[] lines, UserLog log, IReadOnlyList<TabOrder> tabs, Expectations expected, Findings findings)
    {
        var check = new BackendOrder(lines, findings);
        if (check._sent.Count == 0)
            return;
        foreach (var epoch in log.Epochs)
            check.CheckOnce(epoch);
        foreach (var epoch in log.Epochs)
            check.CheckOrder(epoch);
        if (expected.IsSettled && tabs.Any(t => t.OpenSince is not null))
            check.CheckTheEnd(tabs.Where(t => t.OpenSince is not null).Max(t => t.OpenSince!.Value));
    }

    private void CheckOnce(IReadOnlyList<UserLog.Entry> epoch)
    {
        foreach (var entry in epoch)
        {
            if (entry.Message is not { } message)
                continue;
            if (!_where.ContainsKey(message) && !_pushed.Contains(message))
                _findings.Add(ViolationKind.Invented, "nobody sent it", [entry.Line], position: entry.Position, message: message);
            else if (!_stamped.TryAdd(message, entry))
                _findings.Add(ViolationKind.Doubled, $"it stands at {_stamped[message].Position} too", [_stamped[message].Line, entry.Line], position: entry.Position, message: message);
        }
    }

    private void CheckOrder(IReadOnlyList<UserLog.Entry> epoch)
    {
        // Before the first frame of an epoch, and after a closed marker, there is no connection; after a hole that no witness saw, it is unknown.
        var unknown = epoch[0].Offset > 1;
        var justOpened = false;
        (long Connection, int Index)? at = null;
        UserLog.Entry? before = null;
        foreach (var entry in epoch)
        {
            if (before is not null && entry.Offset > before.Offset + 1)
                (unknown, justOpened, at) = (true, false, null);
            if (entry.Kind is "upstream-opened" or "upstream-closed")
                (unknown, justOpened, at) = (false, entry.Kind == "upstream-opened", null);
            else if (entry.Message is { } message && !_pushed.Contains(message) && _where.TryGetValue(message, out var sent))
                at = Follow(entry, sent, before, ref unknown, ref justOpened, at);
            before = entry;
        }
    }

    private (long Connection, int Index)? Follow(
        UserLog.Entry entry, (long Connection, int Index, HistoryLine Line) sent, UserLog.Entry? before, ref bool unknown, ref bool justOpened, (long Connection, int Index)? at)
    {
        if (justOpened)
            at = (sent.Connection, -1);
        else if (unknown)
            at = (sent.Connection, sent.Index - 1);
        (unknown, justOpened) = (false, false);
        if (at is not { } now || now.Connection != sent.Connection)
        {
            _findings.Add(
                ViolationKind.UndeclaredGap, "it is of another connection than what stands before it, and no marker says so", [before?.Line, sent.Line, entry.Line],
                position: entry.Position, message: entry.Message);
            return (sent.Connection, sent.Index);
        }

        for (var skipped = now.Index + 1; skipped < sent.Index; skipped++)
            Miss(_sent[sent.Connection][skipped], entry, before);
        return (sent.Connection, Math.Max(now.Index, sent.Index));
    }

    private void Miss((string Message, HistoryLine Line) skipped, UserLog.Entry entry, UserLog.Entry? before)
    {
        if (_stamped.TryGetValue(skipped.Message, out var elsewhere))
        {
            _findings.Add(
                ViolationKind.Reordered, $"it stands at {elsewhere.Position}, after what was sent later", [skipped.Line, entry.Line, elsewhere.Line],
                position: elsewhere.Position, message: skipped.Message);
        }
        else
        {
            _findings.Add(
                ViolationKind.Lost, $"it has no position, and what was sent after it has {entry.Position}", [skipped.Line, before?.Line, entry.Line], message: skipped.Message);
        }
    }

    // What an open connection carried since all tabs are there, or after what is known of it, must have come.
    private void CheckTheEnd(long everyTabIsHereSince)
    {
        foreach (var connection in _open)
        {
            var sent = _sent[connection];
            var last = sent.FindLastIndex(s => _stamped.ContainsKey(s.Message));
            for (var i = last + 1; i < sent.Count; i++)
            {
                if (last >= 0 || sent[i].Line.At > everyTabIsHereSince)
                    _findings.Add(ViolationKind.Lost, "no tab ever got it, though its connection stayed open", [sent[i].Line], message: sent[i].Message);
            }
        }
    }
}
