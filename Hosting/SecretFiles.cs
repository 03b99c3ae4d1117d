using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Connections.Hosting;

/// <summary>Secrets as files, as container engines hand them out: a file <c>Auth__SigningKey</c> is the setting <c>Auth:SigningKey</c>.</summary>
public static class SecretFiles
{
    private const string Folder = "/run/secrets";

    /// <summary>Reads <c>Secrets:Path</c>, by default <c>/run/secrets</c>; what is there wins over every other source.</summary>
    public static void AddSecretFiles(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var folder = builder.Configuration["Secrets:Path"] ?? Folder;
        if (Directory.Exists(folder))
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
    }
}
