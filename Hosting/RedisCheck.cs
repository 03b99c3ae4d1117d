using StackExchange.Redis;

namespace Connections.Hosting;

/// <summary>Redis answers. Without it a silo finds no cluster, and Orleans would say so with many stack traces.</summary>
/// <param name="redis">Where it is.</param>
/// <param name="time">The clock.</param>
public sealed class RedisCheck(ConfigurationOptions redis, TimeProvider time) : IStartCheck
{
    // Long enough for a Redis that starts together with us, short enough for somebody who mistyped its name.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task CheckAsync()
    {
        var started = time.GetTimestamp();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis);
        while (true)
        {
            try
            {
                await connection.GetDatabase().PingAsync();
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                if (time.GetElapsedTime(started) > Patience)
                    throw Unreachable(e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), time);
        }
    }

    private StartException Unreachable(Exception e)
    {
        var addresses = string.Join(", ", redis.EndPoints.Select(p => p.ToString()?.Replace("Unspecified/", "", StringComparison.Ordinal)));
        var why = e is RedisServerException ? e.Message : "nothing answers there";
        return new StartException(
            $"Redis at {addresses} cannot be used: {why}. Start it, or set ConnectionStrings:redis to where it is, with its password if it has one.", e);
    }
}
