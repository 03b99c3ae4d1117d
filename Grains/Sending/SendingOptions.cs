using Connections.Core;

namespace Connections.Grains.Sending;

/// <summary>
/// Messages from tabs that wait for the upstream; section <c>Outbox</c>. By default they live in the owner's memory and move with it in
/// order; <see cref="Durable"/> ones also survive a crash.
/// </summary>
public sealed record SendingOptions : OutboxOptions
{
    /// <summary>An outbox whose messages may be as large as those of the upstream, 1 MiB, for it is their way over an open one too.</summary>
    public SendingOptions()
    {
        MaxBytes = 1 << 20;
        MaxMessageBytes = 1 << 20;
    }

    /// <summary>The configuration section.</summary>
    public const string Section = "Outbox";

    /// <summary>Whether a message is stored before it is answered with "queued". Default false.</summary>
    public bool Durable { get; set; }
}
