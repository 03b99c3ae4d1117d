namespace Connections.Backend.Stats;

/// <summary>The process-wide totals that no other object holds.</summary>
internal sealed class Totals
{
    /// <summary>Messages from clients, commands included.</summary>
    internal Counter Received { get; } = new();

    /// <summary>Messages handed to a socket.</summary>
    internal Counter Sent { get; } = new();

    /// <summary>Messages that found a full send queue; they never got a number.</summary>
    internal Counter Dropped { get; } = new();

    internal Counter ApiCalls { get; } = new();

    internal void Reset()
    {
        Received.Reset();
        Sent.Reset();
        Dropped.Reset();
        ApiCalls.Reset();
    }
}
