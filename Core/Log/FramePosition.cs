using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Connections.Core;

/// <summary>Where a reader stands in a user's log: it has everything of <paramref name="Epoch"/> up to and including <paramref name="Offset"/>.</summary>
/// <param name="Epoch">The log's epoch: a random number that changes when the log was lost.</param>
/// <param name="Offset">The last offset the reader has; 0 is before the first frame.</param>
public readonly record struct FramePosition(ulong Epoch, long Offset)
{
    /// <summary>The length of an epoch as it is written on the wire.</summary>
    public const int EpochDigits = 16;

    private const int MaxTextLength = EpochDigits + 1 + 19;

    /// <summary>The epoch as it is written on the wire: 16 lower-case hexadecimal digits.</summary>
    public string EpochText => FormatEpoch(Epoch);

    /// <summary>Writes an epoch as it is written on the wire.</summary>
    public static string FormatEpoch(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Writes an epoch as it is written on the wire, as UTF-8: <see cref="EpochDigits"/> bytes.</summary>
    public static void FormatEpoch(ulong epoch, Span<byte> into) => epoch.TryFormat(into[..EpochDigits], out _, "x16", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>&lt;epoch&gt;-&lt;offset&gt;</c>, the one form that <see cref="ToString"/> writes; anything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FramePosition position)
    {
        position = default;
        if (text is not { Length: > EpochDigits + 1 and <= MaxTextLength } || text[EpochDigits] != '-')
            return false;
        var epochText = text.AsSpan(0, EpochDigits);
        var offsetText = text.AsSpan(EpochDigits + 1);
        if (epochText.ContainsAnyExceptInRange('0', 'f') || epochText.ContainsAnyInRange('A', 'F') ||
            !ulong.TryParse(epochText, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var epoch) ||
            offsetText is ['0', _, ..] || offsetText.ContainsAnyExceptInRange('0', '9') ||
            !long.TryParse(offsetText, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        position = new FramePosition(epoch, offset);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch:x16}-{Offset}");
}
