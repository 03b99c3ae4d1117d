namespace Connections.Testing.History.Checking;

/// <summary>A broken promise, with what shows it.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which tab, if it is one tab's.</param>
/// <param name="Position">Where in the log, if it is there.</param>
/// <param name="Message">Which message, if it is one.</param>
/// <param name="Says">What is wrong, in a sentence.</param>
/// <param name="Evidence">The lines that show it.</param>
public sealed record Violation(
    ViolationKind Kind, string User, string? Tab, string? Position, string? Message, string Says, IReadOnlyList<HistoryLine> Evidence)
{
    /// <summary>All of it, on some lines.</summary>
    public override string ToString() =>
        $"{Kind}: {Says} [user {User}{Part("tab", Tab)}{Part("position", Position)}{Part("message", Message)}]" +
        string.Concat(Evidence.Select(line => $"\n    {line}"));

    private static string Part(string name, string? value) => value is null ? "" : $", {name} {value}";
}
