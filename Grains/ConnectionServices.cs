using Connections.Grains.Delivery;
using Connections.Grains.Events;
using Connections.Grains.Sending;
using Connections.Grains.Upstream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Grains;

/// <summary>What every user's connection of this silo needs.</summary>
internal sealed class ConnectionServices(
    IUpstreamDialer dialer,
    DialGate gate,
    Feeds feeds,
    FrontLinks links,
    EventPublisher events,
    IOptions<ConnectionOptions> options,
    IOptions<UpstreamOptions> upstreamOptions,
    IOptions<SendingOptions> sendingOptions,
    TimeProvider time,
    ILogger<UserConnectionGrain> logger)
{
    /// <summary>Opens upstream sockets.</summary>
    public IUpstreamDialer Dialer => dialer;

    /// <summary>What all dials of this silo pass.</summary>
    public DialGate Gate => gate;

    /// <summary>The silo's feeds.</summary>
    public Feeds Feeds => feeds;

    /// <summary>The silo's links.</summary>
    public FrontLinks Links => links;

    /// <summary>Who tells dashboards and audits.</summary>
    public EventPublisher Events => events;

    /// <summary>How connections are kept.</summary>
    public ConnectionOptions Options => options.Value;

    /// <summary>How the backend is dialled.</summary>
    public UpstreamOptions UpstreamOptions => upstreamOptions.Value;

    /// <summary>The outbox's bounds.</summary>
    public SendingOptions SendingOptions => sendingOptions.Value;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The connections' log.</summary>
    public ILogger Logger => logger;

    /// <summary>A number from 0 to 1, for jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The epoch of a log that goes on from none.</summary>
    public Func<ulong> NewEpoch { get; init; } = static () => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
}
