namespace Connections.WebFront.Silos;

/// <summary>When the cluster can be asked: hosted services start side by side, and the client is one of them.</summary>
internal static class ClusterStart
{
    /// <summary>Completes when everything of the front has started.</summary>
    /// <exception cref="OperationCanceledException">The front stops before.</exception>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }
}
