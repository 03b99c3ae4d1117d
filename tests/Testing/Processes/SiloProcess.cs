namespace Connections.Testing.Processes;

/// <summary>A silo in a process of its own.</summary>
public sealed class SiloProcess
{
    private SiloProcess(ChildProcess process, Uri management, int siloPort)
    {
        Host = management.Host;
        Process = process;
        SiloPort = siloPort;
        Management = management;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where its health and metrics are.</summary>
    public Uri Management { get; }
    /// <summary>The address that it is reached at.</summary>
    public string Host { get; }

    /// <summary>Its port for other silos, by which it is known in messages.</summary>
    public int SiloPort { get; }

    /// <summary>Starts one.</summary>
    public static SiloProcess Start(
        string name, string redis, string upstream, IEnumerable<string> settings, Action<string>? heard = null, ProcessPlace? place = null)
    {
        place ??= new ProcessPlace();
        var siloPort = FreePorts.Next();
        var management = new Uri($"http://{place.Address}:{FreePorts.Next()}");
        string[] args =
        [
            "--urls", management.ToString(),
            $"--ConnectionStrings:redis={redis}",
            $"--Silo:AdvertisedAddress={place.Address}",
            $"--Silo:SiloPort={siloPort}",
            $"--Silo:GatewayPort={FreePorts.Next()}",
            $"--Upstream:Url={upstream}",
            .. settings.Select(s => $"--{s}"),
        ];
        return new SiloProcess(ChildProcess.StartProject(name, "Silo", args, heard: heard, place: place), management, siloPort);
    }

    /// <summary>What it measures.</summary>
    public Task<PrometheusFigures> MetricsAsync() => PrometheusFigures.ReadAsync(Management);

    /// <summary>Waits until it can take users.</summary>
    public Task IsReadyAsync() => Process.AnswersAsync(new Uri(Management, "/health/ready"));
}
