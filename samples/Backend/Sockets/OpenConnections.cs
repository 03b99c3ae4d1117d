using System.Collections.Concurrent;
using Connections.Backend.Stats;

namespace Connections.Backend.Sockets;

/// <summary>All open connections, dealt into slots so that the ticker can spread its work over the interval.</summary>
internal sealed class OpenConnections
{
    internal const int Slots = 20;

    private readonly ConcurrentDictionary<long, Connection>[] _slots =
        [.. Enumerable.Range(0, Slots).Select(_ => new ConcurrentDictionary<long, Connection>())];

    internal PeakGauge Gauge { get; } = new();

    internal IEnumerable<Connection> All => _slots.SelectMany(slot => slot.Select(entry => entry.Value));

    internal IEnumerable<Connection> InSlot(int slot) => _slots[slot].Select(entry => entry.Value);

    internal void Add(Connection connection)
    {
        SlotOf(connection)[connection.Number] = connection;
        connection.User.Joined(connection);
        Gauge.Increment();
    }

    internal void Remove(Connection connection)
    {
        if (!SlotOf(connection).TryRemove(connection.Number, out _))
            return;
        connection.User.Left(connection);
        Gauge.Decrement();
    }

    private ConcurrentDictionary<long, Connection> SlotOf(Connection connection) => _slots[connection.Number % Slots];
}
