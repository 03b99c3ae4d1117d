using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Connections.Hosting;

/// <summary>How we talk to Redis: quick to notice that it is away, patient in waiting for it.</summary>
public static class RedisConnection
{
    /// <summary>The name of the connection string.</summary>
    public const string Name = "redis";

    // Apart from the address, so that it can come from a secret's file.
    private const string PasswordKey = "Redis:Password";

    /// <summary>Reads the connection string and adds what it leaves open.</summary>
    /// <param name="configuration">Where <c>ConnectionStrings:redis</c> is.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is missing or cannot be read.</exception>
    public static ConfigurationOptions Read(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString(Name);
        if (string.IsNullOrWhiteSpace(text))
            throw Wrong("ConnectionStrings:redis is missing: give the address of Redis, such as localhost:6379 (by environment: ConnectionStrings__redis).");
        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.AbortOnConnectFail = false;
            options.Password = configuration[PasswordKey] ?? options.Password;
            options.ClientName ??= "connections";

            // Without a keep-alive a silently dropped line stalls for as long as the kernel retries, about 15 minutes.
            options.KeepAlive = 5;
            options.ConnectTimeout = 3_000;
            options.AsyncTimeout = 3_000;
            options.ReconnectRetryPolicy = new ExponentialRetry(250, 2_000);
            return options;
        }
        catch (ArgumentException e)
        {
            throw Wrong($"ConnectionStrings:redis cannot be read: {e.Message} Expected something like localhost:6379,password=…");
        }
    }

    private static Microsoft.Extensions.Options.OptionsValidationException Wrong(string message) =>
        new(Name, typeof(ConfigurationOptions), [message]);
}
