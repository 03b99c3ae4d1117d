namespace Connections.WebFront.Silos;

/// <summary>A front may start before its silos: it waits for them, and says so.</summary>
internal sealed partial class PatientRetry(TimeProvider time, ILogger<PatientRetry> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        Log.Waiting(logger, exception.Message);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(710, LogLevel.Warning, "No silo can be reached yet: {Error}")]
        public static partial void Waiting(ILogger logger, string error);
    }
}
