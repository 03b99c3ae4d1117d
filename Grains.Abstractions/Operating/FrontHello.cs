namespace Connections.Grains.Abstractions.Operating;

/// <summary>A front, as it shows itself.</summary>
/// <param name="FrontId">Its name, new at each start.</param>
/// <param name="Addresses">Where it listens.</param>
/// <param name="Users">The users that have tabs there.</param>
/// <param name="Tabs">Their tabs.</param>
/// <param name="Draining">Whether it sends its tabs elsewhere.</param>
/// <param name="Operations">How to ask it something.</param>
[GenerateSerializer, Immutable, Alias("connections.front-hello")]
public sealed record FrontHello(string FrontId, string[] Addresses, int Users, int Tabs, bool Draining, IFrontOperations Operations);
