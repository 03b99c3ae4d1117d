namespace Connections.WebFront.Lines;

/// <summary>
/// For how many beats a write has waited for the tab to read. There is one write at a time, and one beat; they may come at once. As with <see cref="Silence"/>, beats are counted
/// and not the time between them.
/// </summary>
internal struct WaitingWrite
{
    // Odd while one waits: each that begins, and each that ends, counts one further.
    private int _changes;
    private int _seen;
    private int _beats;

    /// <summary>Whether one waits.</summary>
    public readonly bool Waits => (Volatile.Read(in _changes) & 1) == 1;

    /// <summary>One begins to wait.</summary>
    public void Begin() => Volatile.Write(ref _changes, _changes + 1);

    /// <summary>It waits no longer.</summary>
    public void End() => Begin();

    /// <summary>A beat has passed.</summary>
    /// <returns>How many the write that waits has waited for, but for the first that saw it.</returns>
    public int Beat()
    {
        var changes = Volatile.Read(ref _changes);
        if (changes != _seen)
            (_seen, _beats) = (changes, 0);
        else if (Waits)
            _beats++;
        return _beats;
    }
}
