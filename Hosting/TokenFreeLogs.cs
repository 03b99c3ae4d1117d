using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;

namespace Connections.Hosting;

/// <summary>Puts it around every formatter of the console.</summary>
internal static class TokenFreeLogs
{
    /// <summary>Comes after the formatters.</summary>
    public static void HideTokens(this IServiceCollection services)
    {
        foreach (var formatter in services.Where(s => s.ServiceType == typeof(ConsoleFormatter) && s.ImplementationType is not null).ToArray())
        {
            services.Remove(formatter);
            services.AddSingleton<ConsoleFormatter>(s =>
                new TokenFreeFormatter((ConsoleFormatter)ActivatorUtilities.CreateInstance(s, formatter.ImplementationType!)));
        }
    }
}
