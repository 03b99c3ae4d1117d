using System.Globalization;
using Connections.Grains.Ownership;

namespace Connections.Simulation.Tests.World;

/// <summary>A user's record as one activation has read it.</summary>
internal sealed class StoredState(Store store, Node node, string user) : IPersistentState<StoredConnection>
{
    private int _etag;

    public StoredConnection State { get; set; } = new();

    public string? Etag => _etag.ToString(CultureInfo.InvariantCulture);

    public bool RecordExists => _etag > 0;

    public async Task ReadStateAsync() => (State, _etag) = await store.ReadAsync(node, user);

    public async Task WriteStateAsync() => _etag = await store.WriteAsync(node, user, State, _etag);

    public Task ClearStateAsync() => throw new NotSupportedException();

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    public Task ClearStateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
