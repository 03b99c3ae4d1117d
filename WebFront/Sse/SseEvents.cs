using System.Net.ServerSentEvents;
using System.Text.Json;
using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sse;

/// <summary>The events of <c>/sse</c>. Those that move the position have an id, which is the position after them.</summary>
internal static class SseEvents
{
    private static readonly TimeSpan MinRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetrySpread = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PollRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>The first event. Its retry time is drawn at random, so that tabs which lose a front do not all come back at once.</summary>
    public static SseItem<byte[]> Opened(WireOpened opened, bool poll) => new(JsonSerializer.SerializeToUtf8Bytes(opened), "opened")
    {
        EventId = opened.Position,
        ReconnectionInterval = poll ? PollRetry : MinRetry + RetrySpread * Random.Shared.NextDouble(),
    };

    /// <summary>An event for each frame, encoded once for all tabs that stand at the same place.</summary>
    public static SseItem<byte[]>[] Frames(FrameRange range) =>
        range.Encoded(FrameRange.Encoding.Sse, static r => Array.ConvertAll(r.Frames, f => Frame(r.Epoch, f)));

    /// <summary>Frames are missing; the id is where the tab goes on.</summary>
    public static SseItem<byte[]> Gap(ulong epoch, Gap gap) => new(JsonSerializer.SerializeToUtf8Bytes(WireGap.From(gap)), "gap")
    {
        EventId = new FramePosition(epoch, gap.Next - 1).ToString(),
    };

    /// <summary>How the connection stands.</summary>
    public static SseItem<byte[]> State(WireState state) => new(JsonSerializer.SerializeToUtf8Bytes(state), "state");

    /// <summary>The final receipt of a posted message.</summary>
    public static SseItem<byte[]> Receipt(WireReceipt receipt) => new(JsonSerializer.SerializeToUtf8Bytes(receipt), "receipt");

    /// <summary>The last event before the front ends the stream.</summary>
    public static SseItem<byte[]> Closing(CloseCode code, TimeSpan? retryAfter) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new { reason = code.Name, retryAfterMs = retryAfter is { } t ? (long)t.TotalMilliseconds : (long?)null }), "closing")
        {
            ReconnectionInterval = retryAfter,
        };

    private static SseItem<byte[]> Frame(ulong epoch, Frame frame)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(frame.Payload.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer))
            WireBatchJsonConverter.WriteFrame(writer, frame);
        return new(buffer.WrittenSpan.ToArray(), "frame") { EventId = new FramePosition(epoch, frame.Offset).ToString() };
    }
}
