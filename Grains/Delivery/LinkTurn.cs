namespace Connections.Grains.Delivery;

/// <summary>
/// Whose turn it is to compose and write on a link that has a direct line: the link's own thread has it, and leaves it while it finds nothing to do. Whoever
/// brings work then takes it, and gives it back, or has the thread go on in his place. A turn that nobody left cannot be taken.
/// </summary>
internal sealed class LinkTurn
{
    private readonly object _gate = new();
    private bool _called;
    private int _free;

    /// <summary>Takes it, if it is free. The caller must see what was queued before the call.</summary>
    public bool TryTake()
    {
        // What the caller has queued must be seen by whoever has the turn and looks once more before he leaves it for good.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _free) != 0 && Interlocked.Exchange(ref _free, 0) != 0;
    }

    /// <summary>Leaves it. Whoever does must look for work once more then: nobody else will for what was queued just before.</summary>
    public void Leave() => Interlocked.Exchange(ref _free, 1);

    /// <summary>Whoever has it hands it to the thread that waits in <see cref="Await"/>, or is about to.</summary>
    public void HandOver()
    {
        lock (_gate)
        {
            _called = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits, after having left it, until it is handed over.</summary>
    public void Await()
    {
        lock (_gate)
        {
            while (!_called)
                Monitor.Wait(_gate);
            _called = false;
        }
    }
}
