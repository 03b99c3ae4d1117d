using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Connections.Testing.Processes;

namespace Connections.Door.Tests;

/// <summary>What we are made of: versions that have their security fixes, and a bill of materials that leaves nothing out.</summary>
public sealed partial class DependingOnOthers
{
    /// <summary>The lowest versions without a known hole, or that we rely on.</summary>
    public static TheoryData<string, string> Floors => new()
    {
        { "MessagePack", "2.5.301" },
        { "Microsoft.AspNetCore.Authentication.JwtBearer", "10.0.14" },
        { "Microsoft.AspNetCore.SignalR.Client", "10.0.13" },
        { "Microsoft.AspNetCore.SignalR.Protocols.MessagePack", "10.0.13" },
        { "Microsoft.Orleans.Sdk", "10.4.2" },
        { "StackExchange.Redis", "2.13.17" },
        { "System.IdentityModel.Tokens.Jwt", "8.0.1" },
        { "Yarp.ReverseProxy", "2.3.0" },
    };

    [Theory, MemberData(nameof(Floors))]
    public void No_project_resolves_a_version_below_its_floor(string package, string floor)
    {
        var resolved = NuGetLocks().SelectMany(Packages).Where(p => p.Name.Equals(package, StringComparison.OrdinalIgnoreCase)).ToArray();

        Assert.NotEmpty(resolved);
        Assert.All(resolved, p => Assert.True(Version.Parse(p.Version.Split('-')[0]) >= Version.Parse(floor), $"{p.Name} {p.Version}"));
    }

    [Fact]
    public void Every_project_and_package_has_a_lock_file_and_npm_ones_have_hashes()
    {
        var projects = Ours("*.csproj").Select(Path.GetDirectoryName);
        Assert.All(projects, p => Assert.True(File.Exists(Path.Combine(p!, "packages.lock.json")), p));
        var packages = Ours("package.json").Select(Path.GetDirectoryName).Where(p => File.ReadAllText(Path.Combine(p!, "package.json")).Contains("ependencies\"", StringComparison.Ordinal));
        Assert.All(packages, p => Assert.True(File.Exists(Path.Combine(p!, "package-lock.json")), p));
        Assert.All(NpmLocks().SelectMany(NpmPackages), p => Assert.True(p.Integrity is not null, p.Name));
    }

    [Fact]
    public void Redis_in_the_compose_file_has_the_fixes_of_its_Lua()
    {
        // Debian's and Docker's 7.0 differ: a tag that pins a version must be at a floor, and one that follows a line gets its fixes.
        var tag = RedisTag().Match(File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"))).Groups[1].Value;
        var numbers = tag.Split('-')[0].Split('.').Select(int.Parse).ToArray();
        Assert.True(
            numbers.Length < 3 || (numbers[0], numbers[1]) switch
            {
                (7, 2) => numbers[2] >= 11,
                (7, 4) => numbers[2] >= 6,
                (8, 2) => numbers[2] >= 2,
                ( > 8, _) or (8, > 2) => true,
                _ => false,
            },
            $"redis:{tag}");
    }

    [Fact]
    public async Task The_bill_of_materials_has_every_locked_package_and_nothing_else()
    {
        using var process = Process.Start(new ProcessStartInfo("bash", Path.Combine(Repository.Root, "eng/sbom.sh")) { RedirectStandardOutput = true })!;
        var document = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal("CycloneDX", document.GetProperty("bomFormat").GetString());
        var components = document.GetProperty("components").EnumerateArray().ToArray();
        var named = components.Select(c => c.GetProperty("purl").GetString()!).ToHashSet();
        Assert.Equal(components.Length, named.Count);
        var locked = NuGetLocks().SelectMany(Packages).Select(p => $"pkg:nuget/{p.Name}@{p.Version}")
            .Concat(NpmLocks().SelectMany(NpmPackages).Select(p => $"pkg:npm/{p.Name.Replace("@", "%40", StringComparison.Ordinal)}@{p.Version}")).ToHashSet();
        Assert.Equal(locked.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.All(components, c => Assert.NotEqual(0, c.GetProperty("hashes").GetArrayLength()));
    }

    private static string[] NuGetLocks() => Ours("packages.lock.json");

    private static string[] NpmLocks() => Ours("package-lock.json");

    private static string[] Ours(string pattern) =>
        [.. Directory.GetFiles(Repository.Root, pattern, SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Repository.Root, f).Split(Path.DirectorySeparatorChar).Any(p => p is "node_modules" or "bin" or "obj" or "dist" or "wwwroot" || p.StartsWith('.')))];

    private static IEnumerable<(string Name, string Version)> Packages(string path) =>
        JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project")
            .Select(p => (p.Name, p.Value.GetProperty("resolved").GetString()!));

    private static IEnumerable<(string Name, string Version, string? Integrity)> NpmPackages(string path) =>
        JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("packages").EnumerateObject()
            .Where(p => p.Name.Contains("node_modules/", StringComparison.Ordinal) && !p.Value.TryGetProperty("link", out _))
            .Select(p => (
                p.Value.TryGetProperty("name", out var alias) ? alias.GetString()! : p.Name[(p.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + 13)..],
                p.Value.GetProperty("version").GetString()!,
                p.Value.TryGetProperty("integrity", out var hash) ? hash.GetString() : null));

    [GeneratedRegex(@"redis:\$\{REDIS_TAG:-([^}]+)\}")]
    private static partial Regex RedisTag();
}
