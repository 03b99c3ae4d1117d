namespace Connections.Faults.Tests.Crowd;

/// <summary>What a tab measures from a moment on. Written by the tab, read when it is over or at a moment's notice.</summary>
public sealed class TabWindow(long since)
{
    private readonly Lock _gate = new();
    private readonly List<float> _latencies = [];
    private int _interruptions;
    private int _gaps;
    private int _markers;
    private int _refused;

    /// <summary>When it began.</summary>
    public long Since => since;

    /// <summary>How often its line ended.</summary>
    public int Interruptions => _interruptions;

    /// <summary>How often it was told that frames are missing.</summary>
    public int Gaps => _gaps;

    /// <summary>How many markers of its upstream it saw.</summary>
    public int Markers => _markers;

    /// <summary>How often it came back and could not have every frame.</summary>
    public int NotRecovered => _refused;

    /// <summary>Whether anything reached it but its messages.</summary>
    public bool IsTouched => _interruptions + _gaps + _markers > 0;

    /// <summary>Milliseconds from the backend to this tab, of each message.</summary>
    public float[] Latencies
    {
        get
        {
            lock (_gate)
                return [.. _latencies];
        }
    }

    internal void Took(TimeSpan latency)
    {
        lock (_gate)
            _latencies.Add((float)latency.TotalMilliseconds);
    }

    internal void Interrupted() => Interlocked.Increment(ref _interruptions);

    internal void Gap() => Interlocked.Increment(ref _gaps);

    internal void Marker() => Interlocked.Increment(ref _markers);

    internal void Opened(bool wholly)
    {
        if (!wholly)
            Interlocked.Increment(ref _refused);
    }
}
