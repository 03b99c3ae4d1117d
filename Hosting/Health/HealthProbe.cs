using System.Net;
using Connections.Hosting.Management;
using Microsoft.Extensions.Configuration;

namespace Connections.Hosting.Health;

/// <summary>
/// <c>--health</c>: asks the process that runs beside this one with the same settings whether it is ready. For containers, whose images have
/// neither a shell nor curl.
/// </summary>
internal static class HealthProbe
{
    /// <summary>The argument.</summary>
    public const string Argument = "--health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks.</summary>
    /// <returns>The exit code: 0 when it is ready, 1 when not, and then the answer is on standard output.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddEnvironmentVariables("ASPNETCORE_")
            .AddCommandLine([.. args.Where(a => a != Argument)]).Build();
        var address = new Uri(Address(settings), "/health/ready");
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(address);
            Console.WriteLine(await response.Content.ReadAsStringAsync());
            return response.StatusCode is HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine($"No answer at {address}: {e.Message}");
            return 1;
        }
    }

    private static Uri Address(IConfiguration settings)
    {
        if (settings.GetValue<int>($"{ManagementOptions.Section}:{nameof(ManagementOptions.Port)}") is var port and not 0)
            return new Uri($"http://127.0.0.1:{port}");
        var url = settings["urls"]?.Split(';')[0] ?? "http://127.0.0.1:5000";
        return new Uri(url.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal));
    }
}
