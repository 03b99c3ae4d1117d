using System.Net.WebSockets;

namespace Connections.Backend.Tests;

/// <summary>How to dial, where it differs from a plain HTTP/1.1 dial.</summary>
internal sealed class TestDial(ClientWebSocketOptions options)
{
    internal ClientWebSocketOptions Options { get; } = options;

    /// <summary>Set to dial elsewhere, or over HTTP/2.</summary>
    internal Uri? Address { get; set; }

    internal HttpMessageInvoker? Invoker { get; set; }
}
