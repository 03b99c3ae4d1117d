using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sse;

/// <summary>The writer of a tab that only sends: it is never started, so that nothing is written to it.</summary>
internal sealed class SilentWriter : ITabWriter
{
    /// <inheritdoc/>
    public string Kind => "rest";

    /// <inheritdoc/>
    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask WriteReceiptAsync(Receipt receipt) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter) => ValueTask.CompletedTask;
}
