namespace Connections.Grains.Abstractions.Operating;

/// <summary>A tab, for operators.</summary>
/// <param name="Id">Its name in logs and reports.</param>
/// <param name="Position">The last frame written to it.</param>
/// <param name="LagFrames">How many frames the front has that were not written to it yet.</param>
/// <param name="WritingForMs">How long the write under way has taken, in milliseconds; 0 when there is none.</param>
[GenerateSerializer, Immutable, Alias("connections.tab-explanation")]
public sealed record TabExplanation(string Id, string Position, long LagFrames, long WritingForMs);
