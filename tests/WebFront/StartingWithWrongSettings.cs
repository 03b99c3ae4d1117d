using System.Net;
using System.Net.Sockets;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.WebFront.Tests;

/// <summary>Wrong settings end the process at once with one clear line and exit code 2. Only a real process shows that.</summary>
public sealed class StartingWithWrongSettings
{
    // Nobody listens there: settings must be found wrong before anything is reached.
    private const string Redis = "--ConnectionStrings:redis=127.0.0.1:1";
    private const string Url = "--urls=http://127.0.0.1:0";

    public static TheoryData<string, string, string, string[]> Wrong => new()
    {
        { "Silo", "Production", "ConnectionStrings:redis is missing", [] },
        { "Silo", "Production", "ConnectionStrings:redis cannot be read", ["--ConnectionStrings:redis=localhost:6379,nonsense=7"] },
        { "Silo", "Production", "Upstream:Url is 'http://backend/ws/{userId}', but must be an absolute ws:// or wss:// address", [Redis, "--Upstream:Url=http://backend/ws/{userId}"] },
        { "Silo", "Production", "Upstream:Url is 'ws://backend/ws', but must name the user", [Redis, "--Upstream:Url=ws://backend/ws"] },
        { "Silo", "Production", "SiloPort", [Redis, "--Silo:SiloPort=99999"] },
        { "Silo", "Production", "Silo:GatewayPort", [Redis, "--Silo:GatewayPort=many"] },
        { "Silo", "Production", "Silo:AdvertisedAddress 'no.such.host.invalid' has no IPv4 address", [Redis, "--Silo:AdvertisedAddress=no.such.host.invalid"] },
        { "Silo", "Production", "Upstream:ConnectTimeout", [Redis, "--Upstream:ConnectTimeout=soon"] },
        { "Silo", "Production", "MaxBreakDuration is less than BreakDuration", [Redis, "--Upstream:Breaker:BreakDuration=01:00:00"] },
        { "WebFront", "Production", "ConnectionStrings:redis is missing", [$"--Auth:SigningKey={Tokens.Key}"] },
        { "WebFront", "Production", "Auth:SigningKey must have at least 32 characters", [Redis, "--Auth:SigningKey=short"] },
        { "WebFront", "Production", "Auth:SigningKey and Auth:Authority are both missing", [Redis] },
        { "WebFront", "Production", "Front:MaxMessageBytes", [Redis, $"--Auth:SigningKey={Tokens.Key}", "--Front:MaxMessageBytes=lots"] },
        { "WebFront", "Staging", "Auth:SigningKey and Auth:Authority are both missing", [Redis] },
        { "WebFront", "Production", "Front:TrustedProxies has 'everybody'", [Redis, $"--Auth:SigningKey={Tokens.Key}", "--Front:TrustedProxies:0=everybody"] },
        { "Standalone", "Production", "Auth:SigningKey and Auth:Authority are both missing", [Redis] },
        { "WebFront", "Development", "WriteTimeout", [Redis, "--Front:WriteTimeout=00:00:00"] },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task One_line_says_what_is_wrong_and_the_exit_code_is_2(string project, string environment, string says, string[] settings)
    {
        await using var process = ChildProcess.StartProject(project, project, [Url, .. settings], environment);

        await Eventually.HoldsAsync(() => process.HasExited, $"{project} has ended", TimeSpan.FromSeconds(60), () => process.Output);
        await Eventually.HoldsAsync(() => process.Output.Length > 0, "its output is here");

        var line = Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Wrong setting: ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task Every_wrong_setting_has_its_line()
    {
        await using var process = ChildProcess.StartProject(
            "Silo", "Silo", [Url, Redis, "--Upstream:Url=ws://backend/ws", "--Outbox:MaxMessages=0"]);

        Assert.Equal(2, await ExitCodeOfAsync(process));
        var lines = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, l => Assert.StartsWith("Wrong setting: ", l, StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("Upstream:Url", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("MaxMessages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_without_Redis_says_where_it_looked()
    {
        await using var process = ChildProcess.StartProject("Silo", "Silo", [Url, Redis, .. FreeSiloPorts()]);

        Assert.Equal(2, await ExitCodeOfAsync(process));
        Assert.StartsWith(
            "Cannot start: Redis at 127.0.0.1:1 cannot be used",
            Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_does_not_share_a_port_with_another_process()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var process = ChildProcess.StartProject("Silo", "Silo", [Url, Redis, .. FreeSiloPorts(), $"--Silo:SiloPort={port}"]);

        Assert.Equal(2, await ExitCodeOfAsync(process));
        Assert.StartsWith($"Cannot start: Silo:SiloPort {port} cannot be opened", process.Output, StringComparison.Ordinal);
    }

    private static string[] FreeSiloPorts() => [$"--Silo:SiloPort={FreePorts.Next()}", $"--Silo:GatewayPort={FreePorts.Next()}"];

    private static async Task<int> ExitCodeOfAsync(ChildProcess process)
    {
        await Eventually.HoldsAsync(() => process.HasExited && process.Output.Length > 0, "it has ended", TimeSpan.FromSeconds(60), () => process.Output);
        return process.ExitCode;
    }
}
