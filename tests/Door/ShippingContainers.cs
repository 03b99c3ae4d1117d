using System.Text.RegularExpressions;
using Connections.Testing.Processes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Connections.Door.Tests;

/// <summary>What docker-compose.yml and the Dockerfiles promise: no root, a root that is read-only, no capabilities, secrets in files, two ports for the world.</summary>
public sealed partial class ShippingContainers
{
    private static readonly Dictionary<string, object> Services = Map(Compose["services"]);

    private static Dictionary<string, object> Compose => Read("docker-compose.yml");

    public static TheoryData<string> Names => [.. Services.Keys];

    public static TheoryData<string> Dockerfiles =>
        [.. Directory.GetFiles(Repository.Root, "Dockerfile*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "node_modules" or "bin" or "obj" || (p.StartsWith('.') && p != ".")))];

    [Theory, MemberData(nameof(Names))]
    public void A_service_has_a_read_only_root_no_capabilities_and_limits(string name)
    {
        var service = Map(Services[name]);

        Assert.Equal("true", service["read_only"]);
        Assert.Equal(["ALL"], List(service["cap_drop"]));
        Assert.Contains("no-new-privileges:true", List(service["security_opt"]));
        Assert.DoesNotContain("privileged", service.Keys);
        Assert.DoesNotContain("cap_add", service.Keys);
        Assert.DoesNotContain("network_mode", service.Keys);
        Assert.DoesNotContain("pid", service.Keys);
        Assert.DoesNotContain(service.TryGetValue("volumes", out var volumes) ? List(volumes) : [], v => v.Contains("docker.sock", StringComparison.Ordinal));
        Assert.All(service.TryGetValue("volumes", out volumes) ? List(volumes).Where(v => v.StartsWith('.')) : [], v => Assert.EndsWith(":ro", v, StringComparison.Ordinal));
        var limits = Map(Map(Map(service["deploy"])["resources"])["limits"]);
        Assert.True(limits.ContainsKey("memory") && limits.ContainsKey("cpus"));
    }

    [Fact]
    public void Only_the_balancer_and_on_this_machine_Grafana_are_published()
    {
        var published = Services.Where(s => Map(s.Value).ContainsKey("ports")).ToDictionary(s => s.Key, s => List(Map(s.Value)["ports"]));

        Assert.Subset(new HashSet<string> { "balancer", "grafana" }, published.Keys.ToHashSet());
        Assert.All(published.Where(p => p.Key != "balancer").SelectMany(p => p.Value), p => Assert.StartsWith("127.0.0.1:", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Networks_keep_apart_who_need_not_talk()
    {
        Assert.Equal(["cluster", "edge", "store"], Networks("webfront"));
        Assert.Equal(["cluster", "store", "upstream"], Networks("silo"));
        Assert.Equal(["store"], Networks("redis"));
        Assert.Equal(["upstream"], Networks("backend"));
        Assert.DoesNotContain("cluster", Networks("balancer"));
        Assert.All((string[])["edge", "cluster", "store", "upstream"], n => Assert.Equal("true", Map(Map(Compose["networks"])[n])["internal"]));
    }

    [Fact]
    public void Secrets_are_files_and_no_setting_has_one()
    {
        Assert.All(Map(Compose["secrets"]).Values, s => Assert.StartsWith("./deploy/secrets/", (string)Map(s)["file"], StringComparison.Ordinal));
        foreach (var (name, service) in Services)
        {
            var settings = Map(service).TryGetValue("environment", out var environment) && environment is IDictionary<object, object> ? Map(environment) : [];
            Assert.All(
                settings.Where(s => SecretName().IsMatch(s.Key)),
                s => Assert.True(s.Key.EndsWith("__FILE", StringComparison.Ordinal) || $"{s.Value}".StartsWith("/run/secrets/", StringComparison.Ordinal), $"{name} has {s.Key} in its environment."));
        }
    }

    [Theory, MemberData(nameof(Dockerfiles))]
    public void An_image_of_ours_does_not_run_as_root_and_has_no_secret(string path)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, path)).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').ToArray();
        var last = lines[Array.FindLastIndex(lines, l => l.StartsWith("FROM ", StringComparison.Ordinal))..];

        var user = last.LastOrDefault(l => l.StartsWith("USER ", StringComparison.Ordinal));
        Assert.NotNull(user);
        Assert.DoesNotMatch("^USER (root|0)", user);
        Assert.DoesNotContain(lines, l => (l.StartsWith("ENV ", StringComparison.Ordinal) || l.StartsWith("ARG ", StringComparison.Ordinal)) && SecretName().IsMatch(l));
    }

    private static string[] Networks(string service) => Map(Services[service])["networks"] switch
    {
        IDictionary<object, object> named => [.. named.Keys.Select(k => (string)k).Order(StringComparer.Ordinal)],
        var list => [.. List(list).Order(StringComparer.Ordinal)],
    };

    private static Dictionary<string, object> Read(string path)
    {
        using var text = new StreamReader(Path.Combine(Repository.Root, path));
        return Map(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(text)))!);
    }

    private static Dictionary<string, object> Map(object value) => ((IDictionary<object, object>)value).ToDictionary(p => (string)p.Key, p => p.Value);

    private static string[] List(object value) => [.. ((IEnumerable<object>)value).Select(v => v as string ?? "")];

    [GeneratedRegex("password|secret|signingkey|token", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
