using Connections.Backend.Dials;
using Connections.Backend.Faults;
using Connections.Backend.Hosting;
using Connections.Backend.Sockets;
using Connections.Backend.Users;

namespace Connections.Backend.Stats;

/// <summary>Gathers what is counted all over the backend; asked by the stats endpoints.</summary>
internal sealed class StatsBook(
    OpenConnections connections, UserDirectory users, DialLog dials, Totals totals, TcpConnections tcpConnections, FaultSwitch faults)
{
    internal BackendStats Read(bool withUsers) => new(
        connections.Gauge.Value,
        connections.Gauge.Peak,
        withUsers ? users.All.ToDictionary(user => user.Id, user => user.Stats) : null,
        dials.Accepted.Value,
        dials.Refused.Value,
        dials.Stalled.Value,
        dials.Stalled.Peak,
        dials.PeakAcceptsPerSecond,
        dials.LastSeconds(),
        totals.Received.Value,
        totals.Sent.Value,
        totals.Dropped.Value,
        totals.ApiCalls.Value,
        tcpConnections.Open,
        faults.Current.Fault);

    /// <summary>Zeroes the totals; peaks become what is open now. The numbering of messages and the received messages stay.</summary>
    internal void Reset()
    {
        connections.Gauge.ResetPeak();
        dials.Reset();
        totals.Reset();
        foreach (var user in users.All)
            user.ResetStats();
    }
}
