using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Connections.Hosting.Telemetry;

/// <summary>
/// A node's own figures for the monitoring page: the running sums of its counters, and of its histograms the number, the sum, and how
/// many were at most so and so long. Measuring allocates nothing.
/// </summary>
public sealed class Figures : IDisposable
{
    private readonly ConcurrentDictionary<Key, Sum> _sums = [];
    private readonly ConcurrentDictionary<Instrument, Spread> _spreads = [];
    private readonly ConcurrentDictionary<Instrument, double> _gauges = [];
    private readonly MeterListener _listener = new();

    /// <summary>Listens from now on.</summary>
    /// <param name="meters">The names of the meters: those of one kind of node, since one process may be several.</param>
    public Figures(params string[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Measured(i, value, tags));
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Measured(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Measured(i, value, tags));
        _listener.Start();
    }

    /// <summary>The figures now, by the names of the metrics with the values of their tags behind: <c>connections.tabs|signalr</c>.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (instrument, value) in _gauges)
            figures[instrument.Name] = value;
        foreach (var (key, sum) in _sums)
            figures[key.ToString()] = sum.Value;
        foreach (var (instrument, spread) in _spreads)
            spread.Read(instrument.Name, figures);
        return figures;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.IsObservable)
            _gauges[instrument] = value;
        else if (instrument is Histogram<double>)
            _spreads.GetOrAdd(instrument, static _ => new Spread()).Add(value);
        else
            _sums.GetOrAdd(new Key(instrument, Value(tags, 0), Value(tags, 1), Value(tags, 2), Value(tags, 3)), static _ => new Sum()).Add(value);
    }

    private static string? Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) => index < tags.Length ? tags[index].Value as string : null;

    private readonly record struct Key(Instrument Instrument, string? A, string? B, string? C, string? D)
    {
        public override string ToString() => string.Join('|', new[] { Instrument.Name, A, B, C, D }.OfType<string>());
    }

    private sealed class Sum
    {
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Add(double value)
        {
            double seen;
            do
                seen = Volatile.Read(ref _value);
            while (Interlocked.CompareExchange(ref _value, seen + value, seen) != seen);
        }
    }

    private sealed class Spread
    {
        private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

        private readonly long[] _counts = new long[Bounds.Length + 1];
        private readonly Sum _sum = new();

        public void Add(double value)
        {
            var place = Array.BinarySearch(Bounds, value);
            Interlocked.Increment(ref _counts[place < 0 ? ~place : place]);
            _sum.Add(value);
        }

        public void Read(string name, Dictionary<string, double> figures)
        {
            double sofar = 0;
            for (var i = 0; i < Bounds.Length; i++)
                figures[string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}|le|{Bounds[i]}")] = sofar += Volatile.Read(ref _counts[i]);
            figures[$"{name}|count"] = sofar + Volatile.Read(ref _counts[^1]);
            figures[$"{name}|sum"] = _sum.Value;
        }
    }
}
