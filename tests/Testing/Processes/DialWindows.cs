namespace Connections.Testing.Processes;

/// <summary>The dials that a backend saw, counted in windows of 100 ms.</summary>
public sealed class DialWindows
{
    private const int InASecond = 10;

    private readonly int[] _windows;

    /// <summary>Puts the windows of seconds in a row; seconds that are not given had no dial.</summary>
    public DialWindows(IEnumerable<(long Second, int[] Tenths)> seconds)
    {
        var given = seconds.OrderBy(s => s.Second).ToArray();
        _windows = given.Length == 0 ? [] : new int[(given[^1].Second - given[0].Second + 1) * InASecond];
        foreach (var (second, tenths) in given)
            tenths.CopyTo(_windows, (second - given[0].Second) * InASecond);
    }

    /// <summary>All dials.</summary>
    public int Total => _windows.Sum();

    /// <summary>The most dials of one window.</summary>
    public int MostInAWindow => _windows.DefaultIfEmpty().Max();

    /// <summary>The most dials of any ten windows that follow each other, wherever a second of the clock begins.</summary>
    public int MostInASecond =>
        Enumerable.Range(0, Math.Max(1, _windows.Length - InASecond + 1)).Max(at => _windows.Skip(at).Take(InASecond).Sum());

    /// <summary>The windows, a line each ten.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, _windows.Chunk(InASecond).Select((ten, second) => $"{second,4} s: {string.Join(' ', ten.Select(w => $"{w,3}"))}  = {ten.Sum()}"));
}
