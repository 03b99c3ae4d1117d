using System.Globalization;
using Connections.Testing.History.Events;

namespace Connections.Testing.History.Checking;

/// <summary>One owner at a time: by the backend's connections, which are what counts, and by the owners' own lines where there are any.</summary>
internal static class Owners
{
    public static void Check(HistoryLine[] lines, Expectations expected, Findings findings)
    {
        OneAtATime(
            lines, expected, findings,
            line => line.Event is BackendOpened o ? string.Create(CultureInfo.InvariantCulture, $"connection {o.Connection}") : null,
            line => line.Event is BackendClosed c ? string.Create(CultureInfo.InvariantCulture, $"connection {c.Connection}") : null);
        OneAtATime(
            lines, expected, findings,
            line => line.Event is OwnerOpened o ? $"the upstream of {o.Owner}" : null,
            line => line.Event is OwnerClosed c ? $"the upstream of {c.Owner}" : null);
        GenerationsGrow(lines, expected, findings);
        GenerationsAreTakenOnce(lines, findings);
    }

    private static void OneAtATime(
        HistoryLine[] lines, Expectations expected, Findings findings, Func<HistoryLine, string?> opened, Func<HistoryLine, string?> closed)
    {
        var open = new Dictionary<string, HistoryLine>();
        HistoryLine? both = null;
        foreach (var line in lines)
        {
            if (opened(line) is { } one)
            {
                open[one] = line;
                if (open.Count > 1)
                    both ??= line;
            }
            else if (closed(line) is { } other && open.Remove(other) && open.Count <= 1 && both is not null)
            {
                Judge(both, line, line.At);
                both = null;
            }
        }

        if (both is not null)
            Judge(both, null, lines[^1].At);

        void Judge(HistoryLine from, HistoryLine? to, long end)
        {
            var lasted = TimeSpan.FromMicroseconds(end - from.At);
            if (lasted > expected.OwnersMayOverlap || (lasted == expected.OwnersMayOverlap && to is null))
            {
                findings.Add(
                    ViolationKind.TwoOwners,
                    string.Create(CultureInfo.InvariantCulture, $"{opened(from)} was opened while another was open, for {lasted.TotalSeconds:0.000} s{(to is null ? " and to the end" : "")}"),
                    [.. open.Values.Append(from).Append(to).Distinct().OrderBy(l => l?.At)],
                    position: opened(from));
            }
        }
    }

    private static void GenerationsGrow(HistoryLine[] lines, Expectations expected, Findings findings)
    {
        (long Generation, HistoryLine Line)? newest = null;
        foreach (var line in lines)
        {
            if (line.Event is not BackendOpened { Generation: { } generation })
                continue;
            if (newest is { } known && generation < known.Generation && line.At - known.Line.At > expected.OwnersMayOverlap.TotalMicroseconds)
                findings.Add(ViolationKind.TwoOwners, $"generation {generation} dialled after generation {known.Generation}", [known.Line, line], position: generation.ToString(CultureInfo.InvariantCulture));
            if (newest is null || generation > newest.Value.Generation)
                newest = (generation, line);
        }
    }

    private static void GenerationsAreTakenOnce(HistoryLine[] lines, Findings findings)
    {
        var taken = new Dictionary<long, HistoryLine>();
        foreach (var line in lines)
        {
            if (line.Event is OwnerTook took && !taken.TryAdd(took.Generation, line) && ((OwnerTook)taken[took.Generation].Event).Owner != took.Owner)
                findings.Add(ViolationKind.TwoOwners, $"generation {took.Generation} has two owners", [taken[took.Generation], line], position: took.Owner);
        }
    }
}
