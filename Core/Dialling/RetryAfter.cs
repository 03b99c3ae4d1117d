using System.Globalization;

namespace Connections.Core;

/// <summary>Reads <c>Retry-After</c> (RFC 9110, 10.2.3): a number of seconds, or a date in one of the three forms of HTTP.</summary>
public static class RetryAfter
{
    /// <summary>The most that is believed: who asks for more is waited for that long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly string[] Dates = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>Reads it.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="now">When it came.</param>
    /// <returns>How long to wait, up to <see cref="Longest"/>; null when it says nothing, or a time that has passed.</returns>
    public static TimeSpan? Parse(string? text, DateTimeOffset now)
    {
        text = text?.Trim(' ', '\t');
        if (string.IsNullOrEmpty(text) || text.Length > 40)
            return null;
        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        if (!DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date) || date <= now)
            return null;
        return date - now < Longest ? date - now : Longest;
    }
}
