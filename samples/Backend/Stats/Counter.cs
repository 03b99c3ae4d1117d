namespace Connections.Backend.Stats;

/// <summary>A total that many threads add to.</summary>
internal sealed class Counter
{
    private long _value;

    internal long Value => Interlocked.Read(ref _value);

    internal void Add(long amount = 1) => Interlocked.Add(ref _value, amount);

    internal void Reset() => Interlocked.Exchange(ref _value, 0);
}
