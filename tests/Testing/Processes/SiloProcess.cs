namespace Connections.Testing.Processes;

/// <summary>A silo in a process of its own.</summary>
public sealed class SiloProcess
{
    private SiloProcess(ChildProcess process, Uri management, int siloPort)
    {
        Process = process;
        SiloPort = siloPort;
        Management = management;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where its health and metrics are.</summary>
    public Uri Management { get; }

    /// <summary>Its port for other silos, by which it is known in messages.</summary>
    public int SiloPort { get; }

    /// <summary>Starts one.</summary>
    public static SiloProcess Start(string name, string redis, string upstream, IEnumerable<string> settings, Action<string>? heard = null)
    {
        var siloPort = FreePorts.Next();
        var management = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        string[] args =
        [
            "--urls", management.ToString(),
            $"--ConnectionStrings:redis={redis}",
            "--Silo:AdvertisedAddress=127.0.0.1",
            $"--Silo:SiloPort={siloPort}",
            $"--Silo:GatewayPort={FreePorts.Next()}",
            $"--Upstream:Url={upstream}",
            .. settings.Select(s => $"--{s}"),
        ];
        return new SiloProcess(ChildProcess.StartProject(name, "Silo", args, heard: heard), management, siloPort);
    }

    /// <summary>What it measures.</summary>
    public Task<PrometheusFigures> MetricsAsync() => PrometheusFigures.ReadAsync(Management);

    /// <summary>Waits until it can take users.</summary>
    public Task IsReadyAsync() => Process.AnswersAsync(new Uri(Management, "/health/ready"));
}
