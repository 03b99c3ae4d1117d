using System.Collections.Concurrent;
using System.Text;

namespace Connections.Grains.Telemetry;

/// <summary>Values of enums as they stand in metrics: <c>half-open</c> for <c>HalfOpen</c>, the form that the wire has too.</summary>
internal static class Words
{
    private static readonly ConcurrentDictionary<Enum, string> Known = new();

    public static string Of<T>(T value)
        where T : struct, Enum => Known.GetOrAdd(value, static v => Hyphenate(v.ToString()));

    private static string Hyphenate(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
