using System.Buffers.Text;

namespace Connections.Load.Wire;

/// <summary>
/// What is carried: a mark, the message's number among its user's and the sender's monotonic time in nanoseconds, padded to the length asked
/// for. Plain letters, so that it stands unchanged in the JSON of every way and is found there without parsing it.
/// </summary>
internal static class Message
{
    /// <summary>The shortest one.</summary>
    public const int Shortest = 2 + NumberDigits + TimeDigits;

    private const int NumberDigits = 10;
    private const int TimeDigits = 19;

    private static ReadOnlySpan<byte> Mark => "#L"u8;

    /// <summary>Writes one; number 0 says no more than that the way is open.</summary>
    public static void Write(Span<byte> into, long number, long madeAt)
    {
        into.Fill((byte)'x');
        Mark.CopyTo(into);
        Utf8Formatter.TryFormat(number, into.Slice(2, NumberDigits), out _, new('D', NumberDigits));
        Utf8Formatter.TryFormat(madeAt, into.Slice(2 + NumberDigits, TimeDigits), out _, new('D', TimeDigits));
    }

    /// <summary>Finds the next one.</summary>
    /// <returns>False when there is none.</returns>
    public static bool TryFind(ref ReadOnlySpan<byte> bytes, out long number, out long madeAt)
    {
        (number, madeAt) = (0, 0);
        var at = bytes.IndexOf(Mark);
        if (at < 0 || bytes.Length < at + Shortest)
            return false;
        var found = bytes.Slice(at + 2, NumberDigits + TimeDigits);
        bytes = bytes[(at + Shortest)..];
        return Utf8Parser.TryParse(found[..NumberDigits], out number, out _) && Utf8Parser.TryParse(found[NumberDigits..], out madeAt, out _);
    }
}
