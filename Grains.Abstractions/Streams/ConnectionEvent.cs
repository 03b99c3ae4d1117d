namespace Connections.Grains.Abstractions.Streams;

/// <summary>Something that happened to a user's connection, for dashboards and audit.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="UserId">To whom.</param>
/// <param name="At">When, Unix time in milliseconds.</param>
/// <param name="Silo">Where the connection lives.</param>
/// <param name="Detail">More about it, such as a breaker's <c>closed -&gt; open</c>.</param>
[GenerateSerializer, Immutable, Alias("connections.event")]
public sealed record ConnectionEvent(ConnectionEventKind Kind, string UserId, long At, string Silo, string? Detail = null);
