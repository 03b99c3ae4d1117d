using Connections.Testing.History;
using Connections.Testing.History.Checking;

namespace Connections.Simulation.Tests.World;

/// <summary>What became of a world.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="History">What was seen in it.</param>
/// <param name="Violations">What broke a promise.</param>
/// <param name="Faults">What happened to it.</param>
internal sealed record Outcome(int Seed, RecordedHistory History, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Faults);
