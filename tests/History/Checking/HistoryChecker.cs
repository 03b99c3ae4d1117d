namespace Connections.Testing.History.Checking;

/// <summary>
/// Compares what all processes saw with what the gateway promises. The backend's own lines are the witness of what was sent and received;
/// tabs' lines of what was delivered and told.
/// </summary>
/// <example>
/// <code>
/// using var history = HistoryWriter.Create(directory, "tabs");      // in each process
/// history.Write(new TabReceived("alice", "tab-1", epoch, 17, "text", "5"));
/// …
/// var violations = HistoryChecker.Check(RecordedHistory.Read(directory), new Expectations { IsSettled = true });
/// Assert.True(violations.Count == 0, string.Join('\n', violations));
/// </code>
/// </example>
public static class HistoryChecker
{
    /// <summary>Checks all users.</summary>
    /// <returns>What broke a promise, in no order that means anything; empty when the history is clean.</returns>
    public static IReadOnlyList<Violation> Check(RecordedHistory history, Expectations? expectations = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        var expected = expectations ?? new Expectations();
        var found = new List<Violation>();
        foreach (var user in history.Lines.GroupBy(l => l.Event.User))
        {
            HistoryLine[] lines = [.. user];
            var findings = new Findings(user.Key);
            var log = UserLog.Of(lines, findings);
            var tabs = TabOrder.Check(lines, log, expected, findings);
            BackendOrder.Check(lines, log, tabs, expected, findings);
            Owners.Check(lines, expected, findings);
            Messages.Check(lines, expected, findings);
            found.AddRange(findings.All);
        }

        return found;
    }
}
