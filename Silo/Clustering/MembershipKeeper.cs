using StackExchange.Redis;

namespace Connections.Silo.Clustering;

/// <summary>
/// Puts the cluster's membership back when Redis has lost it or has gone back to an older one: a store that was emptied, or restored from a backup.
/// Without it the silos go on with what they know, and no silo and no front can ever join again.
/// </summary>
/// <remarks>
/// Orleans ignores a table whose version is below the one it knows, and takes a silo that is missing in a newer one for dead. So the rows come first, and
/// the version is raised above the known one when all of them are there. Each write is guarded by the version before it: silos that do this at the same
/// time complete each other's work.
/// </remarks>
internal sealed partial class MembershipKeeper(
    IMembershipTable table, ILocalSiloDetails local, ISiloStatusOracle statuses, TimeProvider time, ILogger<MembershipKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private MembershipTableData? _newest;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (statuses.CurrentStatus == SiloStatus.Active)
                    await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var now = await ReadAsync(ct);
            if (_newest is null || now.Version.Version >= _newest.Version.Version)
                _newest = now;
            else
                await RestoreAsync(_newest, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Redis is away; StoreWatch says so.
            Log.NotRead(logger, e.Message);
        }
    }

    private async Task<MembershipTableData> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await table.ReadAllAsync(ct);
        }
        catch (Exception e) when (_newest is not null && e is not (RedisException or TimeoutException or ObjectDisposedException))
        {
            // Redis answers, and there is no table.
            await table.InitializeMembershipTableAsync(true, ct);
            return await table.ReadAllAsync(ct);
        }
    }

    private async Task RestoreAsync(MembershipTableData known, CancellationToken ct)
    {
        Log.Lost(logger, known.Version.Version);
        while (statuses.CurrentStatus == SiloStatus.Active)
        {
            ct.ThrowIfCancellationRequested();
            var now = await table.ReadAllAsync(ct);
            if (now.Version.Version > known.Version.Version)
            {
                _newest = now;
                Log.Restored(logger, now.Version.Version, now.Members.Count);
                return;
            }

            // Whether another one was quicker shows at the next reading.
            if (known.Members.Select(m => m.Item1).FirstOrDefault(e => e.Status != SiloStatus.Dead && Find(now, e.SiloAddress) is null) is { } missing)
                await table.InsertRowAsync(missing, now.Version.Next(), ct);
            else if (Find(now, local.SiloAddress) is { } own)
                await table.UpdateRowAsync(own.Item1, own.Item2, now.Version.Next(), ct);
        }
    }

    private static Tuple<MembershipEntry, string>? Find(MembershipTableData data, SiloAddress silo) =>
        data.Members.FirstOrDefault(m => m.Item1.SiloAddress.Equals(silo));

    private static partial class Log
    {
        [LoggerMessage(920, LogLevel.Warning, "Redis has lost the cluster's membership of version {Version}: putting it back")]
        public static partial void Lost(ILogger logger, int version);

        [LoggerMessage(921, LogLevel.Warning, "The cluster's membership is back: version {Version}, {Silos} silos")]
        public static partial void Restored(ILogger logger, int version, int silos);

        [LoggerMessage(922, LogLevel.Debug, "The cluster's membership could not be read: {Problem}")]
        public static partial void NotRead(ILogger logger, string problem);
    }
}
