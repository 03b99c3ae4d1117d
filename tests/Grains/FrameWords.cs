using System.Text;
using System.Text.Json;
using Connections.Core;

namespace Connections.Grains.Tests;

/// <summary>What a frame says.</summary>
internal static class FrameWords
{
    /// <summary>The payload as text.</summary>
    public static string Text(this Frame frame) => Encoding.UTF8.GetString(frame.Payload.Span);

    /// <summary>A marker's payload.</summary>
    public static JsonElement Json(this Frame frame) => JsonDocument.Parse(frame.Payload).RootElement;

    /// <summary>A closed marker's code and who closed.</summary>
    public static (int Code, string? Reason, string? By) Close(this Frame frame) =>
        (frame.Json().GetProperty("code").GetInt32(), frame.Json().GetProperty("reason").GetString(), frame.Json().GetProperty("by").GetString());

    /// <summary>The places of frames.</summary>
    public static IEnumerable<long> Offsets(this IEnumerable<Frame> frames) => frames.Select(f => f.Offset);

    /// <summary>All numbers of a range.</summary>
    public static IEnumerable<long> To(this long first, long last) => Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i);
}
