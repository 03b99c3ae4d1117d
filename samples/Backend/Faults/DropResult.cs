namespace Connections.Backend.Faults;

/// <summary>The answer of <c>POST /drop</c>.</summary>
/// <param name="Dropped">How many connections were ended.</param>
internal sealed record DropResult(int Dropped);
