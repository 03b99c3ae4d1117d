using System.Text.Json.Serialization;
using Connections.Core;
using Connections.Grains.Abstractions.State;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>How a connection stands, as it is written on every wire; see <c>docs/protocol.md</c>.</summary>
[MessagePackObject]
public sealed record WireState(
    [property: Key("upstream"), JsonPropertyName("upstream")] string Upstream,
    [property: Key("since"), JsonPropertyName("since")] long Since,
    [property: Key("reason"), JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RetryAfterMs,
    [property: Key("breaker"), JsonPropertyName("breaker")] WireBreaker Breaker,
    [property: Key("position"), JsonPropertyName("position")] string Position,
    [property: Key("generation"), JsonPropertyName("generation")] long Generation,
    [property: Key("fronts"), JsonPropertyName("fronts")] int Fronts,
    [property: Key("tabs"), JsonPropertyName("tabs")] int Tabs,
    [property: Key("breakers"), JsonPropertyName("breakers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<WireApiBreaker>? Breakers = null,
    [property: Key("tokenRefused"), JsonPropertyName("tokenRefused"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TokenRefused = false)
{
    /// <summary>Whether what is written of a state depends on when it is written.</summary>
    internal static bool IsRelative(ConnectionState state) => state.RetryAt is not null || state.Breaker.OpenUntil is not null;

    internal static WireState From(ConnectionState state, DateTimeOffset now, IReadOnlyList<WireApiBreaker>? breakers = null)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        return new WireState(
            WireNames.Of(state.Upstream),
            state.Since,
            state.Reason,
            state.RetryAt is { } at ? Math.Max(0, at - nowMs) : null,
            new WireBreaker(
                WireNames.Of(state.Breaker.State),
                state.Breaker.Failures,
                state.Breaker.Trips,
                state.Breaker.OpenUntil is { } until ? Math.Max(0, until - nowMs) : null),
            new FramePosition(state.Epoch, state.Top).ToString(),
            state.Generation,
            state.Fronts,
            state.Tabs,
            breakers,
            state.TokenRefused);
    }
}

/// <summary>A user's breaker on the wire.</summary>
[MessagePackObject]
public sealed record WireBreaker(
    [property: Key("state"), JsonPropertyName("state")] string State,
    [property: Key("failures"), JsonPropertyName("failures")] int Failures,
    [property: Key("trips"), JsonPropertyName("trips")] int Trips,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RetryAfterMs);
