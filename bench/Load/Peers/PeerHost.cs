namespace Connections.Load.Peers;

/// <summary>What the peers that are .NET programs have in common: they are as quiet as a front, and end with the one who started them.</summary>
internal static class PeerHost
{
    /// <summary>Makes one that listens on a port.</summary>
    public static WebApplicationBuilder Make(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Runs it until its standard input ends.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        await using (app)
        {
            app.MapGet("/health", () => "ok");
            await app.StartAsync();
            while (await Console.In.ReadLineAsync() is not null)
            {
                // Nothing is said.
            }
        }
    }
}
