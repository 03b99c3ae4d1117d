using System.Xml.Linq;
using Connections.Testing.Processes;

namespace Connections.Architecture.Tests;

/// <summary>The repository's own files, without what is built or installed.</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "data", "TestResults", ".git"];

    /// <summary>Files with an ending, by their path from the root.</summary>
    public static IReadOnlyList<string> Files(params string[] endings) =>
        [.. Walk(new DirectoryInfo(Repository.Root))
            .Where(f => endings.Contains(f.Extension))
            .Select(f => Path.GetRelativePath(Repository.Root, f.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>A file's text.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>A file's lines.</summary>
    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Repository.Root, path));

    /// <summary>What a project file includes of a kind, projects by their name alone.</summary>
    public static IReadOnlyList<string> Includes(string project, string kind) =>
        [.. XDocument.Parse(Read(project)).Descendants(kind)
            .Select(e => e.Attribute("Include")?.Value)
            .OfType<string>()
            .Select(i => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(i.Replace('\\', '/')) : i)];

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !NotOurs.Contains(d.Name)).SelectMany(Walk));
}
