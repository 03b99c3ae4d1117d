using Connections.WebFront.Silos;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sessions;

/// <summary>What every session of this front needs.</summary>
internal sealed class SessionServices(
    IGrainFactory grains,
    FrontSink sink,
    DirectLinks direct,
    SiloWatch watch,
    IOptions<FrontOptions> options,
    TimeProvider time,
    ILogger<UserSession> logger)
{
    private long _lastAttachId;

    /// <summary>This front's name, new at each start.</summary>
    public string FrontId { get; init; } = $"{Environment.MachineName}-{Guid.NewGuid():N}"[..Math.Min(Environment.MachineName.Length + 9, 64)];

    /// <summary>The way to the users' grains.</summary>
    public IGrainFactory Grains => grains;

    /// <summary>Where silos deliver.</summary>
    public FrontSink Sink => sink;

    /// <summary>The connections that silos deliver over, where they can.</summary>
    public DirectLinks Direct => direct;

    /// <summary>Who hears which silo lives.</summary>
    public SiloWatch Watch => watch;

    /// <summary>Where attaches wait for their turn.</summary>
    public AttachGate Attaches { get; } = new(time);

    /// <summary>The front's options.</summary>
    public FrontOptions Options => options.Value;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The sessions' log.</summary>
    public ILogger Logger => logger;

    /// <summary>A number from 0 to 1, for jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>Runs a tab's pump when nobody else does.</summary>
    public Action<IThreadPoolWorkItem> Run { get; init; } = static pump => ThreadPool.UnsafeQueueUserWorkItem(pump, preferLocal: false);

    /// <summary>A number that no attach of this front had before.</summary>
    public long NextAttachId() => Interlocked.Increment(ref _lastAttachId);
}
