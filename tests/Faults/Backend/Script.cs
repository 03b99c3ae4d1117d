namespace Connections.Faults.Tests.Backend;

/// <summary>What the backend does with a dial, from the request on until the connection has ended.</summary>
public delegate Task Script(ScriptedDial dial, CancellationToken ct);
