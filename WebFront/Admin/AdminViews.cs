using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Admin;

/// <summary>A user's connection, explained.</summary>
/// <param name="User">The user.</param>
/// <param name="Silo">The silo that owns the connection.</param>
/// <param name="State">How it stands: upstream, breaker, position, generation.</param>
/// <param name="Breaker">What was said about the breaker's last transition.</param>
/// <param name="BreakerHistory">The breaker's last transitions, oldest first.</param>
/// <param name="Outbox">What waits for the upstream.</param>
/// <param name="Fronts">The attached fronts and their tabs.</param>
public sealed record ExplainedUser(
    string User, string Silo, WireState State, string? Breaker, IReadOnlyList<ExplainedMove> BreakerHistory, ExplainedOutbox Outbox, IReadOnlyList<ExplainedFront> Fronts);

/// <summary>One transition of a breaker.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, Unix time in milliseconds.</param>
/// <param name="Detail">What was said about it.</param>
public sealed record ExplainedMove(string From, string To, string Reason, long At, string? Detail)
{
    internal static IReadOnlyList<ExplainedMove> Of(IEnumerable<BreakerMove> moves) =>
        [.. moves.Select(m => new ExplainedMove(
            WireNames.Of(m.From), WireNames.Of(m.To), System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(m.Reason.ToString()), m.At, m.Detail))];
}

/// <summary>What waits for the upstream.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record ExplainedOutbox(int Messages, int Bytes);

/// <summary>A front that is attached to a user.</summary>
/// <param name="Front">The front.</param>
/// <param name="Lag">How many frames it has not taken yet.</param>
/// <param name="Tabs">Its tabs of the user; null when the front did not answer.</param>
public sealed record ExplainedFront(string Front, long Lag, IReadOnlyList<TabExplanation>? Tabs);

/// <summary>The breaker of a route under <c>/api</c>, explained.</summary>
/// <param name="Name">The route.</param>
/// <param name="State">The state, holds included.</param>
/// <param name="RetryAfterMs">What is left of the break, while open.</param>
/// <param name="Trips">How often it opened since it last was healthy.</param>
/// <param name="Version">Counts its transitions.</param>
/// <param name="Detail">What was said about the last one.</param>
/// <param name="Silo">Where its grain lives.</param>
/// <param name="Fronts">The fronts that follow it.</param>
/// <param name="History">Its last transitions, oldest first.</param>
public sealed record ExplainedBreaker(
    string Name, string State, long? RetryAfterMs, int Trips, long Version, string? Detail, string Silo, IReadOnlyList<string> Fronts, IReadOnlyList<ExplainedMove> History);

/// <summary>A front.</summary>
/// <param name="Id">Its name, new at each start.</param>
/// <param name="Addresses">Where it listens.</param>
/// <param name="Users">The users that have tabs there.</param>
/// <param name="Tabs">Their tabs.</param>
/// <param name="Draining">Whether it sends its tabs elsewhere.</param>
public sealed record ListedFront(string Id, IReadOnlyList<string> Addresses, int Users, int Tabs, bool Draining);

/// <summary>How many tabs an action reached.</summary>
/// <param name="Tabs">How many.</param>
public sealed record ReachedTabs(int Tabs);

/// <summary>What a revocation did.</summary>
/// <param name="Until">Until when such tokens are refused, Unix time in milliseconds.</param>
/// <param name="Lines">How many open lines it ended: tabs, sockets and requests. A front that could not be told does it within seconds, and is not counted.</param>
public sealed record RevokedTokens(long Until, int Lines);

/// <summary>A revocation that still counts.</summary>
/// <param name="User">Whose tokens, when it is about all of a user's.</param>
/// <param name="TokenId">The token's <c>jti</c>, when it is about one.</param>
/// <param name="At">When, Unix time in milliseconds: a user's tokens issued until then are meant.</param>
/// <param name="Until">When it is forgotten, Unix time in milliseconds.</param>
/// <param name="Detail">Who and why.</param>
public sealed record ListedRevocation(string? User, string? TokenId, long At, long Until, string? Detail);

/// <summary>Why an operator does something.</summary>
/// <param name="Reason">For people to read; goes into the breaker's history.</param>
public sealed record AdminReason(string? Reason);

/// <summary>A message to push to a user: either a text or data.</summary>
/// <param name="Text">A text message.</param>
/// <param name="Data">A binary message, in base64.</param>
public sealed record PushedMessage(string? Text, byte[]? Data);
