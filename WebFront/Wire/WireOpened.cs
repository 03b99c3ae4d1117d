using System.Text.Json.Serialization;
using Connections.WebFront.Sessions;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>The answer to an open, as it is written on every wire; see <c>docs/protocol.md</c>.</summary>
[MessagePackObject]
public sealed record WireOpened(
    [property: Key("recovered"), JsonPropertyName("recovered")] bool Recovered,
    [property: Key("gap"), JsonPropertyName("gap"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WireGap? Gap,
    [property: Key("position"), JsonPropertyName("position")] string Position,
    [property: Key("state"), JsonPropertyName("state")] WireState State,
    [property: Key("user"), JsonPropertyName("user")] string User,
    [property: Key("tab"), JsonPropertyName("tab")] string Tab)
{
    internal static WireOpened From(OpenOutcome outcome, Tab tab, DateTimeOffset now) =>
        new(outcome.Recovered, WireGap.From(outcome.Gap), outcome.Position.ToString(), WireState.From(outcome.State, now, tab.WatchedBreakers),
            tab.Session.User.Value, tab.Id);
}
