namespace Connections.Load.Backend;

/// <summary>When dials came.</summary>
internal sealed class Dials
{
    private readonly List<long> _at = [];

    /// <summary>All of them.</summary>
    public int Count => _at.Count;

    /// <summary>The most in any second, wherever it begins.</summary>
    public int MostInASecond
    {
        get
        {
            var (most, first) = (0, 0);
            for (var last = 0; last < _at.Count; last++)
            {
                while (TimeProvider.System.GetElapsedTime(_at[first], _at[last]).TotalSeconds >= 1)
                    first++;
                most = Math.Max(most, last - first + 1);
            }

            return most;
        }
    }

    /// <summary>One came now.</summary>
    public void Add() => _at.Add(TimeProvider.System.GetTimestamp());

    /// <summary>Begins anew.</summary>
    public void Clear() => _at.Clear();
}
