using Connections.Core;

namespace Connections.Grains.Abstractions.Api;

/// <summary>A route's breaker as fronts follow it.</summary>
/// <param name="Name">The route.</param>
/// <param name="Term">A random number that is new when the stored state was lost: versions of different terms cannot be compared.</param>
/// <param name="Version">Counts the transitions.</param>
/// <param name="State">The state.</param>
/// <param name="OpenForMs">What is left of the break, in milliseconds, while open.</param>
/// <param name="Trips">How often it opened since it last was healthy.</param>
/// <param name="Detail">What was said about the last transition.</param>
[GenerateSerializer, Immutable, Alias("connections.api-breaker-view")]
public sealed record ApiBreakerView(string Name, long Term, long Version, BreakerState State, long? OpenForMs, int Trips, string? Detail);
