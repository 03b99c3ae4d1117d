using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Connections.Hosting;

/// <summary>Runs a host to its end, and answers wrong settings with one clear message in place of a stack trace.</summary>
public static class HostRunner
{
    /// <summary>Builds and runs the host.</summary>
    /// <returns>The exit code: 0 after an orderly stop, 2 for wrong settings.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            await using var app = build();
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
                await Console.Error.WriteLineAsync($"Wrong setting: {failure}");
            return 2;
        }
    }
}
