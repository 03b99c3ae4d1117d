namespace Connections.Core;

/// <summary>What the outbox remembers of one client: the next sequence and the last answers, two bytes each.</summary>
internal sealed class ClientLedger
{
    private const int FirstLength = 8;

    private readonly int _remembered;
    private OutboxVerdict[] _verdicts = [];
    private int _count;

    public ClientLedger(string id, int remembered)
    {
        Id = id;
        _remembered = remembered;
    }

    public ClientLedger(OutboxClient stored, int remembered) : this(stored.Id, remembered)
    {
        Next = Math.Max(1, stored.NextSequence - stored.Verdicts.Count);
        foreach (var verdict in stored.Verdicts) Append(verdict);
    }

    /// <summary>The client.</summary>
    public string Id { get; }

    /// <summary>The sequence expected next.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>How many of its messages are in the outbox. While there are any it is not forgotten.</summary>
    public int Pending { get; set; }

    private long First => Next - _count;

    /// <summary>Writes down the answer to the next sequence; the oldest one makes room.</summary>
    public void Append(OutboxVerdict verdict)
    {
        if (_count == _verdicts.Length && _count < _remembered) Grow();
        if (_count < _verdicts.Length) _count++;
        _verdicts[Next++ % _verdicts.Length] = verdict;
    }

    /// <summary>The answer to a sequence, or null if it is forgotten.</summary>
    public OutboxVerdict? Find(long sequence) => sequence >= First && sequence < Next ? _verdicts[sequence % _verdicts.Length] : null;

    /// <summary>Corrects an answer, unless it is forgotten.</summary>
    public void Correct(long sequence, OutboxVerdict verdict)
    {
        if (Find(sequence) is not null) _verdicts[sequence % _verdicts.Length] = verdict;
    }

    /// <summary>As it is stored.</summary>
    public OutboxClient Save()
    {
        var verdicts = new OutboxVerdict[_count];
        for (var i = 0; i < _count; i++) verdicts[i] = _verdicts[(First + i) % _verdicts.Length];
        return new(Id, Next, verdicts);
    }

    private void Grow()
    {
        var longer = new OutboxVerdict[Math.Min(_remembered, Math.Max(FirstLength, 2 * _verdicts.Length))];
        for (var sequence = First; sequence < Next; sequence++)
            longer[sequence % longer.Length] = _verdicts[sequence % _verdicts.Length];
        _verdicts = longer;
    }
}
