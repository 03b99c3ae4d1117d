using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connections.Hosting.Memory;

/// <summary>What a process does about its memory.</summary>
public static class MemorySetup
{
    /// <summary>Registers it.</summary>
    public static void AddMemory(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(MemoryOptions.Section);
        builder.Services.AddOptions<MemoryOptions>().Bind(section).ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        var options = section.Get<MemoryOptions>() ?? new MemoryOptions();
        if (options.TrimWhenQuiet)
            builder.Services.AddHostedService<HeapTrimmer>();
        if (options.ShortPauses)
            builder.Services.AddHostedService<YoungCollector>();
    }
}
