using System.Diagnostics;
using Connections.Core;

namespace Connections.Grains.Telemetry;

/// <summary>
/// Joins the write of a message to its upstream to the tab's send, however long it waited in the outbox and whoever else's call it came with.
/// Holds nothing for messages that are not traced.
/// </summary>
internal sealed class WriteTraces
{
    private Dictionary<OutboxMessageId, ActivityContext>? _parents;

    /// <summary>A message came.</summary>
    /// <param name="id">The message.</param>
    /// <param name="traceParent">Its send, as W3C trace parent, or null when it is not recorded.</param>
    public void Begin(OutboxMessageId id, string? traceParent)
    {
        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent))
            (_parents ??= [])[id] = parent;
    }

    /// <summary>A message is being written; the write ends when the answer is disposed.</summary>
    public Activity? Write(OutboxMessageId id) =>
        _parents is not null && _parents.TryGetValue(id, out var parent)
            ? GrainTelemetry.Source.StartActivity("upstream write", ActivityKind.Producer, parent)
            : null;

    /// <summary>A message has its final status.</summary>
    public void End(OutboxMessageId id) => _parents?.Remove(id);
}
