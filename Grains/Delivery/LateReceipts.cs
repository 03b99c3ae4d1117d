using Connections.Grains.Abstractions.Sending;

namespace Connections.Grains.Delivery;

/// <summary>
/// The newest final receipts of messages that were answered with "queued", for the fronts that have not acknowledged them yet. Bounded: what a
/// front missed it asks for when it attaches anew, and a tab by sending the same id again.
/// </summary>
internal sealed class LateReceipts
{
    private const int Kept = 512;

    private readonly Queue<Receipt> _receipts = [];

    /// <summary>How many there have been.</summary>
    public long Last { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(Receipt receipt)
    {
        _receipts.Enqueue(receipt);
        Last++;
        if (_receipts.Count > Kept)
            _receipts.Dequeue();
    }

    /// <summary>Those after the given count, or null when there are none.</summary>
    public Receipt[]? After(long count) =>
        count >= Last ? null : [.. _receipts.Skip((int)Math.Max(0, count - (Last - _receipts.Count)))];
}
