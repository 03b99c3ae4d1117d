using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Connections.HotPath.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Connections.HotPath.Front;

/// <summary>A front's process, an Orleans client, with the silo's process that it started.</summary>
internal sealed class FrontProcess
{
    private readonly Process _silo;

    private FrontProcess(Process silo, IClusterClient cluster)
    {
        _silo = silo;
        Cluster = cluster;
    }

    /// <summary>The way to the silo.</summary>
    public IClusterClient Cluster { get; }

    /// <summary>The processor time that the silo has used.</summary>
    public TimeSpan SiloCpu
    {
        get
        {
            _silo.Refresh();
            return _silo.TotalProcessorTime;
        }
    }

    /// <summary>Measures a way and prints its rows.</summary>
    /// <returns>The exit code, at once: what an overloaded way still carries is of no interest.</returns>
    public static async Task<int> RunAsync(Way way)
    {
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        using var silo = ChildProcess.Start("silo", way.ToString(), Text(siloPort), Text(gatewayPort));
        try
        {
            if (await silo.StandardOutput.ReadLineAsync() != SiloProcess.Ready)
                throw new InvalidOperationException("The silo did not start.");
            var cluster = await ConnectAsync(gatewayPort);
            await new Measurement(new FrontProcess(silo, cluster), way).RunAsync(Console.WriteLine);
            return 0;
        }
        finally
        {
            silo.Kill();
        }
    }

    private static async Task<IClusterClient> ConnectAsync(int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort).AddMemoryStreams(Names.StreamProvider));
        var host = builder.Build();
        await host.StartAsync();
        return host.Services.GetRequiredService<IClusterClient>();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
