using MessagePack;

namespace Connections.DotNetClient;

/// <summary>A batch; see <c>docs/protocol.md</c>.</summary>
[MessagePackObject]
public sealed record Batch([property: Key("epoch")] string Epoch, [property: Key("gap")] Gap? Gap, [property: Key("frames")] Frame[] Frames);

/// <summary>A frame.</summary>
[MessagePackObject]
public sealed record Frame(
    [property: Key("offset")] long Offset, [property: Key("kind")] string Kind, [property: Key("at")] long At, [property: Key("text")] string? Text, [property: Key("data")] byte[]? Data);

/// <summary>Missing frames.</summary>
[MessagePackObject]
public sealed record Gap(
    [property: Key("reason")] string Reason, [property: Key("firstAvailable")] long FirstAvailable, [property: Key("top")] long Top, [property: Key("next")] long Next);

/// <summary>The answer to an open, as far as this sample reads it.</summary>
[MessagePackObject]
public sealed record Opened([property: Key("recovered")] bool Recovered, [property: Key("position")] string Position, [property: Key("state")] State State);

/// <summary>How the connection stands, as far as this sample reads it.</summary>
[MessagePackObject]
public sealed record State([property: Key("upstream")] string Upstream, [property: Key("reason")] string? Reason, [property: Key("retryAfterMs")] long? RetryAfterMs);

/// <summary>What became of a message.</summary>
[MessagePackObject]
public sealed record Receipt(
    [property: Key("id")] string Id, [property: Key("status")] string Status, [property: Key("reason")] string? Reason, [property: Key("retryAfterMs")] long? RetryAfterMs);
