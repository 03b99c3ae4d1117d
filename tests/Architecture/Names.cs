namespace Connections.Architecture.Tests;

/// <summary>The names under which Orleans finds types and methods: two of one name would be taken for each other.</summary>
public sealed class Names
{
    private static readonly string[] Projects = ["Grains.Abstractions", "Grains", "Silo", "WebFront"];

    [Fact]
    public void Every_alias_of_a_type_is_its_own_and_says_whose_it_is()
    {
        var types = Projects.SelectMany(BuiltAssembly.Aliases).Where(a => a.Method is null).ToArray();

        Assert.NotEmpty(types);
        Assert.All(types.GroupBy(a => a.Alias), g => Assert.Single(g));
        Assert.All(types, a => Assert.StartsWith("connections.", a.Alias, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alias_of_a_method_is_its_own_within_its_interface()
    {
        var methods = Projects.SelectMany(BuiltAssembly.Aliases).Where(a => a.Method is not null).ToArray();

        Assert.NotEmpty(methods);
        Assert.All(methods.GroupBy(a => (a.Type, a.Alias)), g => Assert.Single(g));
    }

    [Fact]
    public void What_crosses_the_wire_has_an_alias()
    {
        var nameless = SourceTree.Files(".cs")
            .Where(f => f.StartsWith("Grains", StringComparison.Ordinal))
            .SelectMany(f => SourceTree.Lines(f).Where(l => l.Contains("[GenerateSerializer", StringComparison.Ordinal)), (f, line) => (File: f, Line: line))
            .Where(x => !x.Line.Contains("Alias(", StringComparison.Ordinal) && !Enum(x.File));

        Assert.Empty(nameless);
    }

    private static bool Enum(string file) => SourceTree.Read(file).Contains("public enum", StringComparison.Ordinal);
}
