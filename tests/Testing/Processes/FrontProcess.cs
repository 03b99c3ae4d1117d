namespace Connections.Testing.Processes;

/// <summary>A front in a process of its own.</summary>
public sealed class FrontProcess
{
    private FrontProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where tabs connect.</summary>
    public Uri Address { get; }

    /// <summary>Starts one; in Development, tabs say who they are with <c>?user=</c>.</summary>
    public static FrontProcess Start(
        string name,
        string redis,
        IEnumerable<string>? settings = null,
        string environment = "Development",
        Action<string>? heard = null,
        ProcessPlace? place = null)
    {
        place ??= new ProcessPlace();
        var address = new Uri($"http://{place.Address}:{FreePorts.Next()}");
        string[] args = ["--urls", address.ToString(), $"--ConnectionStrings:redis={redis}", .. (settings ?? []).Select(s => $"--{s}")];
        return new FrontProcess(ChildProcess.StartProject(name, "WebFront", args, environment, heard: heard, place: place), address);
    }

    /// <summary>What it measures.</summary>
    public Task<PrometheusFigures> MetricsAsync() => PrometheusFigures.ReadAsync(Address);

    /// <summary>Waits until it can take tabs.</summary>
    public Task IsReadyAsync() => Process.AnswersAsync(new Uri(Address, "/health/ready"));
}
