using System.Text;
using Connections.Core;

namespace Connections.Micro;

/// <summary>What the benchmarks carry: text messages of 200 bytes, as JSON often is.</summary>
internal static class Payloads
{
    /// <summary>The epoch of all frames.</summary>
    public const ulong Epoch = 0x00c3_a1f0_9b7d_2e44;

    /// <summary>A time, in Unix milliseconds.</summary>
    public const long At = 1_790_000_000_000;

    private static readonly byte[] Text = Encoding.UTF8.GetBytes($$"""{"type":"tick","symbol":"ABC","price":12.5,"pad":"{{new string('x', 149)}}"}""");

    /// <summary>The bytes of a message; shared, for nobody changes them.</summary>
    public static byte[] Message => Text;

    /// <summary>Frames one after the other.</summary>
    public static Frame[] Frames(int count, long after = 0) =>
        [.. Enumerable.Range(1, count).Select(i => new Frame(after + i, FrameKind.Text, Text, At))];
}
