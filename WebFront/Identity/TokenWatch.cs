using Connections.Grains.Abstractions.Operating;
using Connections.WebFront.Silos;

namespace Connections.WebFront.Identity;

/// <summary>Once a second: reads which tokens were revoked, and ends the lines whose tokens are no longer good.</summary>
internal sealed partial class TokenWatch(
    TokenLeases leases, Revocations revocations, IClusterClient cluster, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TokenWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Longer than a silo takes to fail and another one to take over.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private long _read;
    private bool _told;
    private int _endedByList;

    /// <summary>Reads the list now, and ends what it concerns.</summary>
    /// <returns>How many lines ended when this front took the list as it is, now or with a read of its own just before.</returns>
    public async Task<int> LookNowAsync()
    {
        // One at a time: an answer that is late must not take the place of a newer one.
        await _reading.WaitAsync();
        try
        {
            if (await cluster.GetGrain<IRevocationGrain>(0).Read(revocations.Mark).WaitAsync(Patience, time) is { } list)
            {
                revocations.Take(list);
                _endedByList = leases.Look();
            }

            return _endedByList;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _reading.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A client that has not connected yet knows no grains.
            await lifetime.StartedAsync(stoppingToken);
            _read = time.GetTimestamp();
            await Task.WhenAll(EverySecondAsync(ReadAsync, stoppingToken), EverySecondAsync(LookAsync, stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    private async Task EverySecondAsync(Func<Task> work, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await work();
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private Task LookAsync()
    {
        leases.LookAtExpired();
        return Task.CompletedTask;
    }

    private async Task ReadAsync()
    {
        try
        {
            await LookNowAsync();
            (_read, _told) = (time.GetTimestamp(), false);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or InvalidOperationException or ArgumentException)
        {
            // What was known goes on to count. All silos may be of a version without the list.
            if (_told || time.GetElapsedTime(_read) < Silence)
                return;
            _told = true;
            Log.NotRead(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(640, LogLevel.Warning, "The list of revoked tokens could not be read for a while; those known count, newer ones do not yet: {Error}")]
        public static partial void NotRead(ILogger logger, string error);
    }
}
