using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Connections.Silo.Health;

/// <summary>Whether Redis answers: asks it every two seconds over a line of its own. Without it users go on, and nobody new can begin.</summary>
internal sealed partial class StoreWatch : BackgroundService, IHealthCheck
{
    private static readonly Meter Meter = new("Connections.Silo");
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConfigurationOptions _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreWatch> _logger;
    private volatile string? _problem = "not asked yet";

    public StoreWatch(ConfigurationOptions redis, TimeProvider time, ILogger<StoreWatch> logger)
    {
        _redis = redis;
        _time = time;
        _logger = logger;
        Meter.CreateObservableGauge(
            "connections.store.available", () => _problem is null ? 1 : 0, description: "Whether Redis answers this silo: 1 or 0.");
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem
            ? HealthCheckResult.Unhealthy($"Redis does not answer: {problem}")
            : HealthCheckResult.Healthy("Redis answers."));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            // Not an abort when Redis is away: it connects when Redis is there.
            await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis).WaitAsync(stoppingToken);
            do
                await AskAsync(redis.GetDatabase());
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task AskAsync(IDatabase redis)
    {
        var before = _problem;
        try
        {
            await redis.PingAsync();
            _problem = null;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _problem = e.Message.Split('\n')[0];
            if (before is null)
                Log.Away(_logger, _problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Warning, "Redis does not answer: {Problem}")]
        public static partial void Away(ILogger logger, string problem);
    }
}
