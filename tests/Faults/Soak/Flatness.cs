using System.Globalization;

namespace Connections.Faults.Tests.Soak;

/// <summary>Whether what the processes hold is flat: the last third of a run beside the first.</summary>
internal static class Flatness
{
    private const double Growth = 1.15;

    /// <summary>Fails with everything that has grown.</summary>
    public static void Check(IReadOnlyList<Footprint> footprints)
    {
        var third = Math.Max(1, footprints.Count / 3);
        var (first, last) = (footprints.Take(third).ToArray(), footprints.TakeLast(third).ToArray());
        string[] grown =
        [
            .. Grown("silos' heap, MiB", f => f.SiloHeapMiB, slack: 16),
            .. Grown("fronts' heap, MiB", f => f.FrontHeapMiB, slack: 16),
            .. Grown("files", f => f.Files, slack: 200),
            .. Grown("sockets", f => f.Sockets, slack: 200),
            .. Grown("activations", f => f.Activations, slack: 200),
            .. Grown("users", f => f.Users, slack: 50),
            .. Grown("timers", f => f.Timers, slack: 200),
        ];
        Assert.True(grown.Length == 0, string.Join('\n', grown));

        IEnumerable<string> Grown(string what, Func<Footprint, double> of, double slack)
        {
            var (before, after) = (first.Average(of), last.Average(of));
            if (before <= 0 || after > (before * Growth) + slack)
                yield return string.Create(CultureInfo.InvariantCulture, $"{what}: {before:0} in the first third, {after:0} in the last");
        }
    }
}
