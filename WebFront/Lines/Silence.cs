namespace Connections.WebFront.Lines;

/// <summary>
/// For how many beats a tab has said nothing while somebody listened. Beats are counted, and not the time between them: a process that stood still for
/// a minute has not listened for a minute. A beat and a word of the tab may come at once.
/// </summary>
internal struct Silence
{
    /// <summary>A tab is asked at the latest after so many beats without a word, of a second each.</summary>
    public const int BeatsToAsk = 15;

    /// <summary>It is given up after so many more.</summary>
    public const int BeatsToGiveUp = 10;

    /// <summary>Tabs are asked earlier by fewer beats than this, each by as many as it drew: those that came together, as in a storm, are not all to be asked at once.</summary>
    public const int Spread = 5;

    private const int NobodyListens = -1;

    private readonly int _head;
    private int _beats;

    /// <summary>Begins, with nobody listening yet.</summary>
    /// <param name="head">By how many beats it is asked earlier: fewer than <see cref="Spread"/>.</param>
    public Silence(int head) => (_beats, _head) = (NobodyListens, head);

    /// <summary>The tab has said something, or somebody begins to listen.</summary>
    public void Listen() => Volatile.Write(ref _beats, _head);

    /// <summary>Nobody listens for now: what the tab said is being taken, or its end has been said.</summary>
    public void Pause() => Volatile.Write(ref _beats, NobodyListens);

    /// <summary>A beat has passed.</summary>
    public SilenceStep Beat()
    {
        var before = Volatile.Read(ref _beats);
        if (before == NobodyListens || Interlocked.CompareExchange(ref _beats, before + 1, before) != before)
            return SilenceStep.Wait;
        var beats = before + 1;
        return beats == BeatsToAsk ? SilenceStep.Ask : beats >= BeatsToAsk + BeatsToGiveUp ? SilenceStep.GiveUp : SilenceStep.Wait;
    }
}
