namespace Connections.Grains.Abstractions.Operating;

/// <summary>A front that gets a user's frames.</summary>
/// <param name="FrontId">The front.</param>
/// <param name="Tabs">The tabs it holds for the user.</param>
/// <param name="Acknowledged">The last offset that it has taken.</param>
[GenerateSerializer, Immutable, Alias("connections.attached-front")]
public sealed record AttachedFront(string FrontId, int Tabs, long Acknowledged);
