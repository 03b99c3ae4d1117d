using System.Globalization;

namespace Connections.WebFront.Wire;

/// <summary>The id of a tab's message, <c>clientId:seq</c>.</summary>
internal static class MessageId
{
    private const int MaxClientId = 64;

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>Whether a text is such an id.</summary>
    public static bool IsValid(string? id)
    {
        if (id is null || id.IndexOf(':', StringComparison.Ordinal) is not (> 0 and <= MaxClientId and var colon))
            return false;
        return !id.AsSpan(0, colon).ContainsAnyExcept(Allowed)
            && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq > 0;
    }
}
