using Connections.Grains.Abstractions.Monitoring;
using Connections.Grains.Delivery;

namespace Connections.Grains.Placement;

/// <summary>This silo's side of the cluster's board: says how many users it has and whether it leaves, and learns the same of the others.</summary>
internal sealed class SiloBoard(
    Feeds feeds, IGrainFactory grains, ILocalSiloDetails silo, ISiloStatusOracle silos, SiloLoads loads, INodeFigures figures, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>This silo's name on the board.</summary>
    public string Self { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>Reports, and learns.</summary>
    /// <returns>The users of every silo that stays, this one among them; null when there is no board at the moment.</returns>
    public async Task<IReadOnlyDictionary<string, int>?> ReportAsync(bool leaving)
    {
        try
        {
            var view = await grains.GetGrain<IClusterBoardGrain>(0).Report(Report(leaving)).WaitAsync(Patience, time);
            var active = view.Nodes.Where(n => n.Kind is NodeKind.Silo && IsActive(n.Id)).ToArray();
            var staying = active.Where(n => !n.Draining).ToDictionary(n => n.Id, n => n.Users);
            staying[Self] = feeds.Count;
            loads.Learn(staying, active.Where(n => n.Draining).Select(n => n.Id));
            return staying;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ArgumentException)
        {
            // The board's silo is gone; there is another one in a moment.
            return null;
        }
    }

    private NodeReport Report(bool leaving) => new()
    {
        Id = Self,
        Kind = NodeKind.Silo,
        Host = Environment.MachineName,
        StartedAt = _startedAt,
        Draining = leaving,
        Users = feeds.Count,
        Figures = figures.Read(),
    };

    private bool IsActive(string id) => silos.GetApproximateSiloStatus(SiloAddress.FromParsableString(id)) is SiloStatus.Active;
}
