namespace Connections.Testing.Tabs;

/// <summary>
/// What a tab saw, checked as it comes: inside an epoch every offset once and in order, and a jump only where a gap announced it.
/// Goes on across reconnects of the tab.
/// </summary>
/// <param name="keepsFrames">Whether the frames are kept to be looked at; else they are checked and counted, and forgotten.</param>
public sealed class TabHistory(bool keepsFrames = true)
{
    private readonly Lock _gate = new();
    private readonly List<TabFrame> _frames = [];
    private readonly List<TabGap> _gaps = [];
    private readonly List<string> _violations = [];
    private string? _epoch;
    private long _next;
    private int _count;

    /// <summary>The frames so far.</summary>
    public IReadOnlyList<TabFrame> Frames
    {
        get
        {
            lock (_gate)
                return [.. _frames];
        }
    }

    /// <summary>How many frames so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>The gaps so far.</summary>
    public IReadOnlyList<TabGap> Gaps
    {
        get
        {
            lock (_gate)
                return [.. _gaps];
        }
    }

    /// <summary>What broke a promise; must stay empty.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    /// <summary>Where the tab stands, or null before its first open.</summary>
    public string? Position
    {
        get
        {
            lock (_gate)
                return _epoch is null ? null : $"{_epoch}-{_next - 1}";
        }
    }

    /// <summary>The tab was placed. Gaps are counted where they stand among the frames, not here.</summary>
    public void Opened(TabOpened opened, string? asked)
    {
        ArgumentNullException.ThrowIfNull(opened);
        lock (_gate)
        {
            if (opened.Recovered && opened.Position != asked)
                _violations.Add($"recovered at {opened.Position}, but {asked} was asked for");
            if (_epoch is null)
            {
                var (epoch, offset) = Parse(opened.Position);
                (_epoch, _next) = (epoch, offset + 1);
            }
        }
    }

    /// <summary>A batch came.</summary>
    public void Received(TabBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            if (batch.Gap is { } gap)
            {
                _gaps.Add(gap);
                (_epoch, _next) = (batch.Epoch, gap.Next);
            }

            foreach (var frame in batch.Frames)
            {
                if (_epoch is not null && (batch.Epoch != _epoch || frame.Offset != _next))
                    _violations.Add($"{batch.Epoch}-{frame.Offset} came where {_epoch}-{_next} was due");
                (_epoch, _next) = (batch.Epoch, frame.Offset + 1);
                _count++;
                if (keepsFrames)
                    _frames.Add(frame);
            }
        }
    }

    private static (string Epoch, long Offset) Parse(string position)
    {
        var parts = position.Split('-');
        return (parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
