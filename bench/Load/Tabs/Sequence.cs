namespace Connections.Load.Tabs;

/// <summary>What one tab has had of its user's messages, which are numbered from 1 without holes.</summary>
internal struct Sequence
{
    private const int Remembered = 64;

    private long _last;
    private ulong _seen;

    /// <summary>How many different ones came.</summary>
    public long Received { get; private set; }

    /// <summary>How many came again.</summary>
    public long Doubles { get; private set; }

    /// <summary>How many came after a later one.</summary>
    public long Late { get; private set; }

    /// <summary>One came.</summary>
    public void Add(long number)
    {
        if (number > _last)
        {
            var by = number - _last;
            _seen = (by >= Remembered ? 0 : _seen << (int)by) | 1;
            _last = number;
            Received++;
            return;
        }

        var back = _last - number;
        var bit = back >= Remembered ? 0 : 1UL << (int)back;
        if (bit == 0 || (_seen & bit) != 0)
        {
            Doubles++;
            return;
        }

        _seen |= bit;
        Received++;
        Late++;
    }
}
