using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Architecture.Tests;

/// <summary>Prometheus' own tool reads the configuration and the rules that compose hands to it.</summary>
public sealed class Rules
{
    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Promtool_accepts(string verb, string what, string file)
    {
        await using var promtool = ChildProcess.Start("promtool", "promtool", verb, what, Path.Combine(Repository.Root, "deploy", "prometheus", file));
        await Eventually.HoldsAsync(() => promtool.HasExited, "promtool has read it");

        Assert.True(promtool.ExitCode == 0, promtool.Output);
    }
}
