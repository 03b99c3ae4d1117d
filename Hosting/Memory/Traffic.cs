using System.Diagnostics.Metrics;

namespace Connections.Hosting.Memory;

/// <summary>Counts the frames that the process brings to fronts, or to tabs and takes from them, by the counters that say so to everybody.</summary>
internal sealed class Traffic : IDisposable
{
    private static readonly string[] Counters = ["connections.link.frames", "connections.tab.frames"];

    private readonly MeterListener _listener = new();
    private long _frames;

    /// <summary>Counts from now on.</summary>
    public Traffic()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Counters.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, frames, _, _) => Interlocked.Add(ref _frames, frames));
        _listener.Start();
    }

    /// <summary>The frames so far.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
