using System.Text.Json.Serialization;
using Connections.WebFront.Sessions;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>The answer to an open, as it is written on every wire; see <c>docs/protocol.md</c>.</summary>
/// <remarks>
/// Frames must not overtake it, and a hub method cannot act after its result is written. Serialization happens under the connection's
/// write lock, so starting the tab's pump there puts its first write behind the result.
/// </remarks>
[MessagePackObject]
public sealed record WireOpened(
    [property: Key("recovered"), JsonPropertyName("recovered")] bool Recovered,
    [property: Key("gap"), JsonPropertyName("gap"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WireGap? Gap,
    [property: Key("position"), JsonPropertyName("position")] string Position,
    [property: Key("state"), JsonPropertyName("state")] WireState State,
    [property: Key("user"), JsonPropertyName("user")] string User,
    [property: Key("tab"), JsonPropertyName("tab")] string Tab)
    : IJsonOnSerialized, IMessagePackSerializationCallbackReceiver
{
    private readonly Action? _onSerialized;

    private WireOpened(OpenOutcome outcome, Tab tab, DateTimeOffset now, Action? onSerialized)
        : this(outcome.Recovered, WireGap.From(outcome.Gap), outcome.Position.ToString(), WireState.From(outcome.State, now),
            tab.Session.User.Value, tab.Id) =>
        _onSerialized = onSerialized;

    internal static WireOpened From(OpenOutcome outcome, Tab tab, DateTimeOffset now, Action? onSerialized = null) =>
        new(outcome, tab, now, onSerialized);

    void IJsonOnSerialized.OnSerialized() => _onSerialized?.Invoke();

    void IMessagePackSerializationCallbackReceiver.OnBeforeSerialize() => _onSerialized?.Invoke();

    void IMessagePackSerializationCallbackReceiver.OnAfterDeserialize()
    {
    }
}
