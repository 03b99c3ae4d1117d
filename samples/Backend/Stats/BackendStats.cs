using Connections.Backend.Dials;
using Connections.Backend.Faults;
using Connections.Backend.Users;

namespace Connections.Backend.Stats;

/// <summary>The answer of <c>GET /stats</c>.</summary>
/// <param name="Connections">WebSockets open now.</param>
/// <param name="PeakConnections">The most WebSockets open at once.</param>
/// <param name="Users">By user id; absent with <c>?users=false</c>.</param>
/// <param name="Accepted">Dials that became a WebSocket.</param>
/// <param name="Refused">Dials that did not, stalled ones included.</param>
/// <param name="StalledDials">Dials held without an answer now (fault <c>stall-accept</c>).</param>
/// <param name="PeakStalledDials">The most dials held at once.</param>
/// <param name="PeakAcceptsPerSecond">The most dials accepted in one second of the clock.</param>
/// <param name="DialsPerSecond">The last 300 seconds, oldest first; seconds without a dial are left out.</param>
/// <param name="Received">Messages from clients.</param>
/// <param name="Sent">Messages handed to sockets.</param>
/// <param name="Dropped">Messages that found a full send queue.</param>
/// <param name="ApiCalls">Requests to <c>/api/</c>.</param>
/// <param name="TcpConnections">TCP connections open now, the one that asks included.</param>
/// <param name="Fault">The fault switched on.</param>
internal sealed record BackendStats(
    long Connections,
    long PeakConnections,
    IReadOnlyDictionary<string, UserStats>? Users,
    long Accepted,
    long Refused,
    long StalledDials,
    long PeakStalledDials,
    long PeakAcceptsPerSecond,
    IReadOnlyList<SecondOfDials> DialsPerSecond,
    long Received,
    long Sent,
    long Dropped,
    long ApiCalls,
    long TcpConnections,
    Fault Fault);
