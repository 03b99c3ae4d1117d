namespace Connections.Architecture.Tests;

/// <summary>References run one way, in the project files and in what was built from them.</summary>
public sealed class References
{
    /// <summary>Each project and those of ours that it may see, directly or through others. One that is not here is refused.</summary>
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Core", [] },
        { "Hosting", [] },
        { "samples/Backend", [] },
        { "samples/DotNetClient", [] },
        { "Grains.Abstractions", ["Core"] },
        { "Grains", ["Core", "Grains.Abstractions"] },
        { "Silo", ["Core", "Grains.Abstractions", "Grains", "Hosting"] },
        { "WebFront", ["Core", "Grains.Abstractions", "Hosting"] },
        { "Standalone", ["Core", "Grains.Abstractions", "Grains", "Hosting", "Silo", "WebFront", "Backend"] },
    };

    [Theory, MemberData(nameof(Allowed))]
    public void A_project_file_references_only_what_it_may(string project, string[] allowed) =>
        Assert.Subset(allowed.ToHashSet(), SourceTree.Includes(File(project), "ProjectReference").ToHashSet());

    [Theory, MemberData(nameof(Allowed))]
    public void A_built_assembly_uses_only_what_it_may(string project, string[] allowed) =>
        Assert.Subset(
            allowed.Select(a => $"Connections.{a}").ToHashSet(),
            BuiltAssembly.References(project).Where(r => r.StartsWith("Connections.", StringComparison.Ordinal)).ToHashSet());

    [Theory, MemberData(nameof(Allowed))]
    public void What_a_project_sees_through_others_is_allowed_too(string project, string[] allowed)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(SourceTree.Includes(File(project), "ProjectReference"));
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next))
                SourceTree.Includes(FileOf(next), "ProjectReference").ToList().ForEach(open.Enqueue);
        }

        Assert.Subset(allowed.ToHashSet(), seen);
    }

    [Fact]
    public void Every_project_outside_tests_is_in_the_list()
    {
        var listed = Allowed.Select(row => File(row.Data.Item1));

        Assert.Equal(
            listed.Order(StringComparer.Ordinal),
            SourceTree.Files(".csproj").Where(p => !p.StartsWith("tests/", StringComparison.Ordinal) && !p.StartsWith("bench/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Core_references_no_package_and_no_framework_but_the_base_library()
    {
        Assert.Empty(SourceTree.Includes(File("Core"), "PackageReference"));
        Assert.Empty(SourceTree.Includes(File("Core"), "FrameworkReference"));
        Assert.All(BuiltAssembly.References("Core"), r => Assert.StartsWith("System.", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("Hosting")]
    [InlineData("samples/Backend")]
    [InlineData("samples/DotNetClient")]
    public void What_is_no_part_of_the_cluster_does_not_know_Orleans(string project) =>
        Assert.DoesNotContain(BuiltAssembly.References(project), r => r.StartsWith("Orleans", StringComparison.Ordinal));

    [Fact]
    public void The_front_is_a_client_of_the_cluster_and_no_silo()
    {
        Assert.DoesNotContain("Microsoft.Orleans.Server", SourceTree.Includes(File("WebFront"), "PackageReference"));
        Assert.DoesNotContain("Orleans.Runtime", BuiltAssembly.References("WebFront"));
    }

    private static string File(string project) => $"{project}/{Path.GetFileName(project)}.csproj";

    private static string FileOf(string name) => File(name == "Backend" ? "samples/Backend" : name);
}
