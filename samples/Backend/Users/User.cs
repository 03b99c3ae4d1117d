using System.Collections.Immutable;
using System.Text.Json;
using Connections.Backend.Sockets;
using Connections.Backend.Stats;

namespace Connections.Backend.Users;

/// <summary>What the backend knows of one user; lives as long as the process, so that the numbering outlives connections.</summary>
internal sealed class User(string id)
{
    private ImmutableArray<Connection> _connections = [];
    private long _lastNumber;
    private long _lastOrdinal;
    private long _lastGeneration = -1;

    internal string Id { get; } = id;

    /// <summary>The id as a JSON string, quotes included.</summary>
    internal string JsonId { get; } = $"\"{JsonEncodedText.Encode(id)}\"";

    internal ImmutableArray<Connection> Connections => _connections;

    internal PeakGauge Gauge { get; } = new();

    internal Counter Dials { get; } = new();

    internal Counter Received { get; } = new();

    internal Counter Sent { get; } = new();

    internal Inbox Inbox { get; } = new();

    internal UserStats Stats
    {
        get
        {
            var generation = Interlocked.Read(ref _lastGeneration);
            return new(Gauge.Value, Gauge.Peak, Dials.Value, Received.Value, Sent.Value, generation < 0 ? null : generation);
        }
    }

    /// <summary>The next number of a message to this user. Taken while sending, so that a number once taken went to a socket.</summary>
    internal long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>1 for the first connection of this user, 2 for the second, and so on.</summary>
    internal long NextOrdinal() => Interlocked.Increment(ref _lastOrdinal);

    internal void Dialled(long? generation)
    {
        Dials.Add();
        Interlocked.Exchange(ref _lastGeneration, generation ?? -1);
    }

    internal void Joined(Connection connection)
    {
        ImmutableInterlocked.Update(ref _connections, static (all, one) => all.Add(one), connection);
        Gauge.Increment();
    }

    internal void Left(Connection connection)
    {
        ImmutableInterlocked.Update(ref _connections, static (all, one) => all.Remove(one), connection);
        Gauge.Decrement();
    }

    internal void ResetStats()
    {
        Gauge.ResetPeak();
        Dials.Reset();
        Received.Reset();
        Sent.Reset();
    }
}
