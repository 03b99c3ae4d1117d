using System.Text.RegularExpressions;

namespace Connections.Architecture.Tests;

/// <summary>Rules for every file that no compiler knows.</summary>
public sealed partial class Sources
{
    private const int MaxLines = 400;

    [Fact]
    public void Every_source_file_is_under_400_lines() =>
        Assert.DoesNotContain(SourceTree.Files(".cs", ".ts", ".tsx", ".js", ".css", ".html"), f => SourceTree.Lines(f).Length >= MaxLines);

    [Fact]
    public void No_test_waits_for_a_fixed_time() =>
        Assert.Empty(SourceTree.Files(".cs")
            .Where(f => f.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => FixedWait().Matches(SourceTree.Read(f)), (file, wait) => $"{file}: {wait.Value}"));

    [Fact]
    public void Every_project_has_its_lock_file() =>
        Assert.All(SourceTree.Files(".csproj"), p => Assert.Contains(
            $"{Path.GetDirectoryName(p)!.Replace('\\', '/')}/packages.lock.json", SourceTree.Files(".json")));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = SourceTree.Read("Connections.sln").Replace('\\', '/');

        Assert.All(SourceTree.Files(".csproj"), p => Assert.Contains($"\"{p}\"", solution, StringComparison.Ordinal));
    }

    // A number, or a time made of a number, as what is waited for.
    [GeneratedRegex(@"(Task\.Delay|Thread\.Sleep)\(\s*(\d|TimeSpan\.From\w+\(\s*\d)")]
    private static partial Regex FixedWait();
}
