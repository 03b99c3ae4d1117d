namespace Connections.Backend.Api;

/// <summary>A wait that ends early when the caller leaves or the backend stops, so that a slow call never holds a stop up.</summary>
internal static class Waiting
{
    internal static async Task ForAsync(TimeSpan time, TimeProvider clock, HttpContext context, IHostApplicationLifetime lifetime)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await Task.Delay(time, clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
