using System.Net;

namespace Connections.Backend.Tests;

/// <summary>The backend answered a dial with something else than a WebSocket.</summary>
internal sealed class DialRefusedException(HttpStatusCode status, IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    : Exception($"The dial was refused with {(int)status}.")
{
    internal HttpStatusCode Status { get; } = status;

    internal string? Header(string name) => headers is not null && headers.TryGetValue(name, out var values) ? values.Single() : null;
}
