using Connections.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Providers;

namespace Connections.HotPath.Silo;

/// <summary>The silo's process; ends with its standard input, so that it never outlives the one that started it.</summary>
internal static class SiloProcess
{
    /// <summary>What it prints when it can be called.</summary>
    public const string Ready = "ready";

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Way way, int siloPort, int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.AddMemoryGrainStorage(StorageNames.Connections).AddMemoryGrainStorage(StorageNames.PubSub);
            if (way is Way.Stream)
                silo.AddMemoryStreams(Names.StreamProvider);
            if (way is Way.FastStream)
                silo.AddMemoryStreams<DefaultMemoryMessageBodySerializer>(Names.StreamProvider, streams => streams.ConfigurePullingAgent(
                    agent => agent.Configure(o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(1))));
            silo.Services.AddConnectionGrains(builder.Configuration);
        });

        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is not null)
        {
            // The front lives.
        }

        return 0;
    }
}
