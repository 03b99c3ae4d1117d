using Connections.Core;
using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Upstream;

/// <summary>Opens upstream sockets, for all users of a silo; a simulated world has a backend of its own.</summary>
internal interface IUpstreamDialer
{
    /// <summary>Where upstreams are; null when none is configured.</summary>
    UpstreamAddress? Address { get; }

    /// <summary>Dials once.</summary>
    /// <exception cref="OperationCanceledException">The upstream is not wanted any more.</exception>
    Task<Dialled> DialAsync(UserId user, long generation, RelayToken? token, CancellationToken ct);
}
