using System.Globalization;
using System.Text;
using CsCheck;

namespace Connections.Fuzzing.Tests;

/// <summary>
/// Inputs that no client of ours would send, and how they are tried. <c>FUZZ_INPUTS</c> says how many a property gets, for a long run; CsCheck
/// prints the seed of a failure, and <c>CsCheck_Seed</c> runs it again.
/// </summary>
internal static class Fuzz
{
    // What parsing may cost: so much a byte of input, and something that each has.
    private const long BytesPerByte = 400;
    private const long BytesInAll = 256 << 10;

    private static readonly Gen<char> OddCharacter = Gen.OneOf(
        Gen.Char["\0\t\r\n \u0085\u00a0\u2028\ufeff\ufffd\ud800\udfff\"'\\/{}[]:,-+.%&?#@<>~`^|eE"],
        Gen.Char['\0', '\uffff'],
        Gen.Char['0', 'z']);

    /// <summary>How many inputs each property gets.</summary>
    public static long Inputs =>
        long.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs : 20_000;

    /// <summary>Texts that are right, nearly right, and anything else.</summary>
    public static Gen<string> Near(params string[] right) => Gen.OneOf(
        OneOf(right),
        Mutated(OneOf(right)),
        Mutated(Mutated(Mutated(OneOf(right)))),
        Gen.String[OddCharacter, 0, 60],
        Gen.Select(OneOf(right), Gen.Int[2, 3_000], (text, times) => string.Concat(Enumerable.Repeat(text, Math.Min(times, 100_000 / Math.Max(1, text.Length))))));

    /// <summary>One of these.</summary>
    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <summary>What <see cref="Near"/> gives as bytes, which need not be UTF-8.</summary>
    public static Gen<byte[]> NearBytes(params string[] right) => Gen.OneOf(
        Near(right).Select(Encoding.UTF8.GetBytes),
        Gen.Select(Near(right), Gen.Int[0, 10_000], Gen.Byte, (text, at, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > 0)
                bytes[at % bytes.Length] = value;
            return bytes;
        }),
        Gen.Byte.Array[0, 200]);

    /// <summary>Tries a property, which throws when it does not hold, on many inputs.</summary>
    public static void Holds<T>(this Gen<T> inputs, Action<T> property) => inputs.Sample(property, iter: Inputs);

    /// <summary>Parses, and fails if that takes memory out of all proportion.</summary>
    public static TResult Within<TResult>(int length, Func<TResult> parse)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = parse();
        var took = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(took <= BytesInAll + (BytesPerByte * length), $"{took} bytes for an input of {length}");
        return result;
    }

    private static Gen<string> Mutated(Gen<string> texts) =>
        Gen.Select(texts, Gen.Int[0, 5], Gen.Int[0, 100_000], OddCharacter, Gen.Int[0, 100_000], (text, how, at, character, length) =>
        {
            if (text.Length == 0)
                return character.ToString();
            at %= text.Length;
            length = Math.Min(1 + (length % 6), text.Length - at);
            return how switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, character.ToString()),
                2 => text.Remove(at, 1).Insert(at, character.ToString()),
                3 => text.Insert(at, text.Substring(at, length)),
                4 => text[..at],
                _ => text[at..] + text[..at],
            };
        });
}
