namespace Connections.Backend.Hosting;

/// <summary><c>--health</c>: asks the backend that runs beside this process whether it is well. For containers, whose images have no curl.</summary>
internal static class HealthProbe
{
    internal const string Argument = "--health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks.</summary>
    /// <returns>The exit code: 0 when it is well, else 1.</returns>
    internal static async Task<int> RunAsync()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? ListenAddresses.Default;
        var address = new Uri(new Uri(urls.Split(';')[0].Replace("//*", "//127.0.0.1", StringComparison.Ordinal)), "/health");
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(address);
            Console.WriteLine(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine($"No answer at {address}: {e.Message}");
            return 1;
        }
    }
}
