namespace Connections.Core;

/// <summary>
/// What all logs of one process may hold together. A log that appends while the budget is spent evicts its own oldest frames first, so
/// that the busiest users pay. Thread-safe.
/// </summary>
/// <param name="maxBytes">The most bytes of all logs together.</param>
public sealed class ReplayBudget(long maxBytes)
{
    private long _used;

    /// <summary>What all logs hold now, in bytes.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Whether logs hold more than they may.</summary>
    public bool Exceeded => Used > maxBytes;

    internal void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
