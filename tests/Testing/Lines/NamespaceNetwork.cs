using System.Globalization;
using Connections.Testing.Processes;

namespace Connections.Testing.Lines;

/// <summary>
/// Hosts of a test in network namespaces of their own, with a router between them that can lose what goes from one to another: a partition that no end is
/// told of. Needs Linux, root and <c>ip</c>. The test itself is the host at <see cref="Outside"/>.
/// </summary>
public sealed class NamespaceNetwork : IAsyncDisposable
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"cx{Environment.ProcessId % 100_000}");
    private readonly List<string> _hosts = [];
    private readonly List<(string From, string To)> _lost = [];
    private readonly int _net = Random.Shared.Next(16, 250);

    private NamespaceNetwork()
    {
    }

    /// <summary>The address of the test, as hosts see it.</summary>
    public string Outside => AddressOf(0);

    /// <summary>Why this machine cannot have one; null when it can.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "network namespaces need Linux and root";
        return File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip") ? null : "network namespaces need the command ip (iproute2)";
    }

    /// <summary>Makes the router, and a way to it.</summary>
    public static async Task<NamespaceNetwork> StartAsync()
    {
        var network = new NamespaceNetwork();
        await network.RunAsync("netns", "add", network.Router);
        await network.RunAsync("netns", "exec", network.Router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        await network.ConnectAsync(0, null);
        return network;
    }

    /// <summary>Makes a host, and says how a process runs on it.</summary>
    public async Task<ProcessPlace> AddHostAsync()
    {
        var index = _hosts.Count + 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{index}");
        _hosts.Add(name);
        await RunAsync("netns", "add", name);
        await RunAsync("-n", name, "link", "set", "lo", "up");
        await ConnectAsync(index, name);
        return new ProcessPlace(["ip", "netns", "exec", name], Address: AddressOf(index));
    }

    /// <summary>Loses what goes from one address to another; the way back stays.</summary>
    public Task LoseAsync(string from, string to)
    {
        _lost.Add((from, to));
        return RuleAsync("add", from, to);
    }

    /// <summary>Loses nothing any more.</summary>
    public async Task HealAsync()
    {
        foreach (var (from, to) in _lost)
            await RuleAsync("del", from, to);
        _lost.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("link", "del", $"{_prefix}h0");
        foreach (var name in _hosts.Append(Router))
            await RunAsync("netns", "del", name);
    }

    private string Router => $"{_prefix}-r";

    private string AddressOf(int index) => string.Create(CultureInfo.InvariantCulture, $"10.{_net}.{index}.2");

    private Task RuleAsync(string verb, string from, string to) => RunAsync("-n", Router, "rule", verb, "from", from, "to", to, "blackhole", "pref", "100");

    // A pair of interfaces: one on the host, which is the test's own when it has no name, one on the router.
    private async Task ConnectAsync(int index, string? host)
    {
        var (inside, outside) = (string.Create(CultureInfo.InvariantCulture, $"{_prefix}h{index}"), string.Create(CultureInfo.InvariantCulture, $"{_prefix}r{index}"));
        var gateway = string.Create(CultureInfo.InvariantCulture, $"10.{_net}.{index}.1");
        string[] on = host is null ? [] : ["-n", host];
        await RunAsync(["link", "add", inside, .. host is null ? Array.Empty<string>() : ["netns", host], "type", "veth", "peer", "name", outside, "netns", Router]);
        await RunAsync([.. on, "addr", "add", $"{AddressOf(index)}/30", "dev", inside]);
        await RunAsync([.. on, "link", "set", inside, "up"]);
        await RunAsync("-n", Router, "addr", "add", $"{gateway}/30", "dev", outside);
        await RunAsync("-n", Router, "link", "set", outside, "up");
        await RunAsync([.. on, "route", "add", host is null ? $"10.{_net}.0.0/16" : "default", "via", gateway]);
    }

    private async Task RunAsync(params string[] command)
    {
        await using var ip = ChildProcess.Start("ip", "ip", command);
        await Eventually.HoldsAsync(() => ip.HasExited, "ip ends");
        if (ip.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', command)} ended with {ip.ExitCode}: {ip.Output}");
    }
}
