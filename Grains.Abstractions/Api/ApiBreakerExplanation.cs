using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Api;

/// <summary>A route's breaker for operators.</summary>
/// <param name="View">How it stands.</param>
/// <param name="Silo">Where its grain lives.</param>
/// <param name="Fronts">The fronts that follow it.</param>
/// <param name="History">Its last transitions, oldest first.</param>
[GenerateSerializer, Immutable, Alias("connections.api-breaker-explanation")]
public sealed record ApiBreakerExplanation(ApiBreakerView View, string Silo, string[] Fronts, BreakerMove[] History);
