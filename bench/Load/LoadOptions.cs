using System.ComponentModel.DataAnnotations;
using Connections.Load.Wire;

namespace Connections.Load;

/// <summary>What is measured; each is given as <c>--name value</c>.</summary>
internal sealed class LoadOptions
{
    /// <summary>What is between backend and tabs, with commas between several. Default <c>raw</c>.</summary>
    [Required]
    public string Way { get; set; } = "raw";

    /// <summary>Users. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int Users { get; set; } = 100;

    /// <summary>Tabs of each user. Default 4.</summary>
    [Range(1, 10_000)]
    public int Tabs { get; set; } = 4;

    /// <summary>Messages a second of all users together; each is delivered to every tab of its user. Default 500.</summary>
    [Range(1, 10_000_000)]
    public int Rate { get; set; } = 500;

    /// <summary>The bytes of a message. Default 200.</summary>
    [Range(Message.Shortest, 4_096)]
    public int Payload { get; set; } = 200;

    /// <summary>How long is measured. Default 5.</summary>
    [Range(1, 3_600)]
    public int Seconds { get; set; } = 5;

    /// <summary>How long messages are sent before that, in seconds. Default 5: what is compiled at run time must be compiled.</summary>
    [Range(0, 3_600)]
    public int WarmUp { get; set; } = 5;

    /// <summary>
    /// How long messages are sent to each way before the first turns of <c>compare</c>, in seconds: a runtime goes on compiling for minutes what is called seldom, and a gateway
    /// runs for days. Default 0.
    /// </summary>
    [Range(0, 3_600)]
    public int Settle { get; set; }

    /// <summary>How often each way has its turn in <c>compare</c>; the table has the medians. Default 3.</summary>
    [Range(1, 100)]
    public int Rounds { get; set; } = 3;

    /// <summary>How many tabs are opening at any time. Default 400: more overflow what a listener lets wait (512), and the kernel tries again a second later.</summary>
    [Range(1, 100_000)]
    public int Dialling { get; set; } = 400;

    /// <summary>Silos of our own ways. Default 1.</summary>
    [Range(1, 16)]
    public int Silos { get; set; } = 1;

    /// <summary>Fronts of our own ways, which tabs are spread over. Default 1.</summary>
    [Range(1, 16)]
    public int Fronts { get; set; } = 1;

    /// <summary>
    /// Whether all tabs of a user are at one front, as behind a balancer that goes by the client, or with a browser that shares a connection. Else they are spread, and each
    /// message goes to as many fronts. Default false.
    /// </summary>
    public bool Together { get; set; }

    /// <summary>Processes that the tabs of <c>idle</c> are in. Default 1: one has no more sockets than <c>ulimit -n</c> says.</summary>
    [Range(1, 7)]
    public int Generators { get; set; } = 1;

    /// <summary>How long the backend is away in <c>outage</c>, in seconds. Default 10.</summary>
    [Range(1, 600)]
    public int Outage { get; set; } = 10;

    /// <summary>Settings of silos and fronts, such as <c>--set:0 Upstream:DialsPerSecond=5000</c>. Default none.</summary>
    public IList<string> Set { get; } = [];

    /// <summary>The ways, one after the other.</summary>
    public IReadOnlyList<Subjects.Way> Ways() => [.. Way.Split(',').Select(w => Enum.Parse<Subjects.Way>(w, ignoreCase: true))];

    /// <summary>Reads them, and checks their ranges.</summary>
    public static LoadOptions Read(string[] args)
    {
        var options = new ConfigurationBuilder().AddCommandLine(args).Build().Get<LoadOptions>(o => o.ErrorOnUnknownConfiguration = true) ?? new();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
