using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Connections.Hosting;

/// <summary>
/// Writes what another formatter does, without the tokens in it. At their more talkative levels the frameworks log addresses and headers as they
/// come, and whoever looks for a fault turns exactly those on.
/// </summary>
internal sealed partial class TokenFreeFormatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name)
{
    private const string Hidden = "[token]";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var text = new StringWriter();
        inner.Write(logEntry, scopeProvider, text);
        textWriter.Write(Without(text.ToString()));
    }

    /// <summary>The text without tokens.</summary>
    public static string Without(string text) => Named().Replace(Jwt().Replace(text, Hidden), $"$1{Hidden}");

    // Header and payload are JSON objects in base64url, which begin like this; what follows may have been cut off.
    [GeneratedRegex(@"eyJ[\w-]{5,}\.[\w-]*(\.[\w-]*)?", RegexOptions.CultureInvariant)]
    private static partial Regex Jwt();

    [GeneratedRegex("""(access_token=|bearer\s+)[^\s&"'\\,;]{8,}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
