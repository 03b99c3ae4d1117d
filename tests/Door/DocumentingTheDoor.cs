using Connections.Testing.Processes;

namespace Connections.Door.Tests;

/// <summary>
/// <c>docs/security.md</c> lists what the tests list. To write its tables anew:
/// <c>DOOR_WRITE=1 dotnet test --project tests/Door -c Release --filter-class "*DocumentingTheDoor"</c>.
/// </summary>
public sealed class DocumentingTheDoor
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "security.md");

    [Fact]
    public void The_bad_inputs_are_those_that_are_tested() => IsWritten(
        "bad inputs",
        ["| way in | what | answer |", "|---|---|---|", .. BadInput.All.Select(i => $"| {i.WayIn} | {Cell(i.What)} | {Cell(Answer(i.Answer))} |")]);

    [Fact]
    public void The_open_doors_are_those_that_are_tested() => IsWritten(
        "open doors",
        ["| endpoint | why anybody may call it |", "|---|---|", .. OpenDoors.All.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"| `{d.Key}` | {Cell(d.Value)} |")]);

    private static string Answer(string answer) =>
        answer.Replace("<", "&lt;", StringComparison.Ordinal).Replace(" problem", ", problem document", StringComparison.Ordinal);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void IsWritten(string name, IEnumerable<string> lines)
    {
        var (begin, end) = ($"<!-- {name} -->", $"<!-- end of {name} -->");
        var page = File.ReadAllText(Page);
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, $"docs/security.md has no place for {name}.");
        var table = $"\n{string.Join('\n', lines)}\n";
        if (Environment.GetEnvironmentVariable("DOOR_WRITE") is not null)
            File.WriteAllText(Page, string.Concat(page.AsSpan(0, from), table, page.AsSpan(to)));
        else
            Assert.Equal(table, page[from..to]);
    }
}
