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
    private readonly HashSet<int> _gapsBefore = [];
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

    /// <summary>The frame that came last, or null.</summary>
    public TabFrame? Newest
    {
        get
        {
            lock (_gate)
                return _frames.Count == 0 ? null : _frames[^1];
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

    /// <summary>
    /// Where the backend's own count does not go on though neither a redial's marker nor a gap said so: a frame that is missing, or one that came
    /// twice. Counts across marker and gap must still grow, so this is for times in which the backend itself did not begin anew.
    /// </summary>
    public IReadOnlyList<string> UnmarkedJumps
    {
        get
        {
            lock (_gate)
                return [.. JumpsWithinLock()];
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
                _gapsBefore.Add(_frames.Count);
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

    private IEnumerable<string> JumpsWithinLock()
    {
        long? last = null;
        var told = false;
        for (var i = 0; i < _frames.Count; i++)
        {
            told |= _gapsBefore.Contains(i);
            if (_frames[i].Count is not { } count)
            {
                told = true;
                continue;
            }

            if (last is { } before && (told ? count <= before : count != before + 1))
                yield return $"the backend's {count} came after {before}{(told ? " and a redial or gap" : "")}";
            (last, told) = (count, false);
        }
    }

    private static (string Epoch, long Offset) Parse(string position)
    {
        var parts = position.Split('-');
        return (parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
