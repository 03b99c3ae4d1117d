using Connections.Hosting.Draining;
using Connections.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Connections.Hosting;

/// <summary>Runs a host to its end, and answers wrong settings with one clear message in place of a stack trace.</summary>
public static class HostRunner
{
    // Its exception for a value that is not of the setting's type has no type of its own.
    private const string ConfigurationBinder = "Microsoft.Extensions.Configuration.Binder";
    private const int CannotStart = 2;

    /// <summary>Builds and runs the host; with <c>--health</c> asks one that runs already whether it is ready.</summary>
    /// <returns>The exit code: 0 after an orderly stop, 2 for wrong settings or a start check that failed.</returns>
    public static async Task<int> RunAsync(string[] args, Func<WebApplication> build)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(build);
        if (args.Contains(HealthProbe.Argument))
            return await HealthProbe.RunAsync(args);
        DrainState? drain = null;
        try
        {
            await using var app = build();
            drain = app.Services.GetService<DrainState>();

            // Before anything starts: the host would log the failure with its stack, and a silo reaches for Redis while it is built.
            app.Services.GetService<IStartupValidator>()?.Validate();
            foreach (var check in app.Services.GetServices<IStartCheck>())
                await check.CheckAsync();
            await app.RunAsync();
            return 0;
        }
        catch (OperationCanceledException) when (drain?.IsDraining == true)
        {
            // Asked to stop before it had started, such as a front that waited for its silos.
            return 0;
        }
        catch (InvalidOperationException e) when (e.Source == ConfigurationBinder)
        {
            return await WrongAsync(e.Message);
        }
        catch (OptionsValidationException e)
        {
            return await WrongAsync([.. e.Failures]);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(i => i is OptionsValidationException))
        {
            return await WrongAsync([.. e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures)]);
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"Cannot start: {e.Message}");
            return CannotStart;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return await WrongAsync($"{e.Message} Give another one, such as with --urls.");
        }
    }

    private static async Task<int> WrongAsync(params string[] failures)
    {
        foreach (var failure in failures)
            await Console.Error.WriteLineAsync($"Wrong setting: {failure}");
        return CannotStart;
    }
}
