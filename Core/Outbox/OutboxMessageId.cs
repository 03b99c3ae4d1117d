using System.Buffers;
using System.Globalization;

namespace Connections.Core;

/// <summary>The id that a client gives to a message: on the wire <c>client:sequence</c>, such as <c>k3f9:17</c>.</summary>
/// <param name="Client">Made by the client at its start and kept by it: 1 to 64 letters, digits, <c>_</c> or <c>-</c>.</param>
/// <param name="Sequence">1 for the client's first message, then one more for each, without holes.</param>
public readonly record struct OutboxMessageId(string Client, long Sequence)
{
    private const int LongestClient = 64;

    private static readonly SearchValues<char> ClientCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Reads an id from the wire.</summary>
    /// <param name="text">What came in.</param>
    /// <param name="id">The id, if it is one.</param>
    /// <returns>False unless it is written exactly as <see cref="ToString"/> writes it, so that no id has two spellings.</returns>
    public static bool TryParse(string? text, out OutboxMessageId id)
    {
        id = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon is < 1 or > LongestClient || text.AsSpan(0, colon).ContainsAnyExcept(ClientCharacters)) return false;

        var digits = text.AsSpan(colon + 1);
        // .NET reads past zeros at the end, "1\0" is 1 to it.
        if (digits is [] or ['0', ..] || digits.ContainsAnyExceptInRange('0', '9') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return false;

        id = new(text![..colon], sequence);
        return true;
    }

    /// <summary>The id as on the wire.</summary>
    /// <returns><c>client:sequence</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Client}:{Sequence}");
}
