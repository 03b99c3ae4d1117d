namespace Connections.Core;

/// <summary>The permission to make one dial, from <see cref="DialBudget.AcquireAsync"/>. Dispose of it when the dial has ended, well
/// or badly: until then it takes one of the places for concurrent dials.</summary>
public sealed class DialLease : IDisposable
{
    private DialBudget? _budget;

    internal DialLease(DialBudget budget) => _budget = budget;

    /// <summary>Gives the place to the next one. Further calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Release();
}
