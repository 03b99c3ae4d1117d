using System.Globalization;
using Connections.Testing.History.Events;

namespace Connections.Testing.History.Checking;

/// <summary>
/// Tabs' messages: each one's receipts agree with each other and with the backend's own list, none arrives twice that may not, and those of a
/// client arrive in their order.
/// </summary>
internal sealed class Messages
{
    private readonly Expectations _expected;
    private readonly Findings _findings;
    private readonly Dictionary<string, Message> _messages = [];
    private readonly Dictionary<long, (long From, long? To, long? Generation)> _connections = [];

    private readonly List<(long Generation, long At)> _owners = [];

    private Messages(Expectations expected, Findings findings)
    {
        _expected = expected;
        _findings = findings;
    }

    private sealed class Message(string id)
    {
        public string Id => id;

        public List<HistoryLine> Submitted { get; } = [];

        public List<HistoryLine> Receipts { get; } = [];

        public List<HistoryLine> Received { get; } = [];

        /// <summary>Those that a replaced owner handed over: nobody that could say so knows of them.</summary>
        public List<HistoryLine> Strays { get; } = [];

        public bool MayRepeat => Submitted.Exists(l => ((Submitted)l.Event).AtLeastOnce);

        /// <summary>
        /// The final receipts that say something of the message itself. "expected" says only that the owner does not know the client, and
        /// "owner-lost" that the front does not know: asking again may say more.
        /// </summary>
        public IEnumerable<HistoryLine> Finals =>
            Receipts.Where(l => l.Event is ReceiptTold { Status: not "queued", Reason: not ("expected" or "owner-lost") });
    }

    public static void Check(HistoryLine[] lines, Expectations expected, Findings findings)
    {
        var check = new Messages(expected, findings);
        foreach (var line in lines)
            check.Take(line);
        foreach (var message in check._messages.Values)
        {
            check.SetStraysApart(message);
            check.Arrivals(message);
            check.OneFinal(message);
            check.Truth(message);
        }

        check.Order();
    }

    private void Take(HistoryLine line)
    {
        switch (line.Event)
        {
            case Submitted s:
                Of(s.Message).Submitted.Add(line);
                break;
            case ReceiptTold r:
                Of(r.Message).Receipts.Add(line);
                break;
            case BackendReceived r:
                Of(r.Message).Received.Add(line);
                break;
            case BackendOpened o:
                _connections[o.Connection] = (line.At, null, o.Generation);
                _owners.Add((o.Generation ?? 0, line.At));
                break;
            case OwnerTook t:
                _owners.Add((t.Generation, line.At));
                break;
            case BackendClosed c when _connections.TryGetValue(c.Connection, out var known):
                _connections[c.Connection] = known with { To = line.At };
                break;
        }
    }

    private Message Of(string id) => _messages.TryGetValue(id, out var known) ? known : _messages[id] = new Message(id);

    // Within the time that owners may overlap, a message may be with both: no fence of ours can keep the older one from sending it.
    private void SetStraysApart(Message message)
    {
        foreach (var line in message.Received.ToArray())
        {
            if (_connections.TryGetValue(((BackendReceived)line.Event).Connection, out var over) && over.Generation is { } generation &&
                _owners.Exists(o => o.Generation > generation && o.At <= line.At + _expected.OwnersMayOverlap.TotalMicroseconds && !(over.To <= o.At)) &&
                message.Received.Remove(line))
            {
                message.Strays.Add(line);
            }
        }
    }

    private void Arrivals(Message message)
    {
        if (message.Received.Count > 0 && message.Submitted.Count == 0)
            Report(ViolationKind.Invented, "the backend received it, and no tab sent it", message);
        else if (message.Received.Count > 1 && !message.MayRepeat)
            Report(ViolationKind.MessageTwice, $"it arrived {message.Received.Count} times, and may arrive once", message);
    }

    private void OneFinal(Message message)
    {
        var finals = message.Finals.Select(l => ((ReceiptTold)l.Event).Status).Distinct().ToArray();
        if (finals.Length > 1)
            Report(ViolationKind.TwoFinals, $"it was {string.Join(" and ", finals)}", message);
        else if (message.Receipts.Where(l => l.Event is ReceiptTold { Late: true }).CountBy(l => ((ReceiptTold)l.Event).Tab).Any(c => c.Value > 1))
            Report(ViolationKind.TwoFinals, "its late notice came twice to one tab", message);
        if (_expected.IsSettled && message.Submitted.Count > 0 && !message.Receipts.Exists(l => l.Event is ReceiptTold { Status: not "queued" }))
            Report(ViolationKind.NoFinal, "it has no final status", message);
    }

    private void Truth(Message message)
    {
        foreach (var line in message.Finals)
        {
            var receipt = (ReceiptTold)line.Event;
            if (receipt.Status is "rejected" or "expired" && message.Received.Count > 0)
                Report(ViolationKind.LyingReceipt, $"the tab was told {receipt.Status}, and the backend received it", message);
            if (receipt.Status == "sent" && message.Received.Count + message.Strays.Count == 0 && message.Submitted.Count > 0 && !MayBeOnALostLine(message.Submitted[0].At, line.At))
                Report(ViolationKind.LyingReceipt, "the tab was told sent, and the backend never received it, though no connection was lost since", message);
        }
    }

    // "sent" is handed to the kernel: a line that ends afterwards may take it along. One that stayed open must bring it in the end.
    private bool MayBeOnALostLine(long submitted, long told)
    {
        if (_connections.Values.Any(c => c.To + _expected.LossIsHeardWithin.TotalMicroseconds >= submitted && c.From <= told))
            return true;
        return !_expected.IsSettled && _connections.Values.Any(c => c.To is null && c.From <= told);
    }

    private void Order()
    {
        var arrivals = _messages.Values.Where(m => m.Received.Count > 0).Select(m => (Message: m, First: m.Received[0], Id: Parse(m.Id)));
        foreach (var client in arrivals.Where(a => a.Id is not null).GroupBy(a => a.Id!.Value.Client))
        {
            (Message Message, HistoryLine First, long Sequence)? before = null;
            foreach (var (message, first, id) in client.OrderBy(a => a.First.At).ThenBy(a => a.First.Number))
            {
                if (before is { } later && id!.Value.Sequence < later.Sequence)
                    Report(ViolationKind.Reordered, $"it arrived after {later.Message.Id}", message, later.First);
                else
                    before = (message, first, id!.Value.Sequence);
            }
        }
    }

    private void Report(ViolationKind kind, string says, Message message, HistoryLine? also = null) =>
        _findings.Add(kind, says, [.. message.Submitted.Concat(message.Received).Concat(message.Receipts).Append(also).OfType<HistoryLine>().OrderBy(l => l.At)], message: message.Id);

    private static (string Client, long Sequence)? Parse(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? (id[..colon], sequence) : null;
    }
}
