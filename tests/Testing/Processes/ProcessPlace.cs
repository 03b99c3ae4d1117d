namespace Connections.Testing.Processes;

/// <summary>Where and how a process of a test runs when not as it is: in a network namespace, under a limit. The command in front must become the process.</summary>
/// <param name="Prefix">The command that goes in front, such as <c>ip netns exec name</c>.</param>
/// <param name="Variables">Environment variables.</param>
/// <param name="Address">The address that it is reached at; 127.0.0.1 by default.</param>
public sealed record ProcessPlace(IReadOnlyList<string>? Prefix = null, IReadOnlyDictionary<string, string>? Variables = null, string Address = "127.0.0.1");
