using Connections.Core;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.GraphQL;

/// <summary>The events of the subscription <c>frames</c>.</summary>
internal sealed class FrameStream(SessionRegistry sessions, Caller caller, EventGate gate, TimeProvider time)
    : TabStream<FrameEvent>(sessions, caller, gate, time)
{
    private OpenOutcome _outcome = null!;

    /// <inheritdoc/>
    public override ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range)
    {
        var position = range?.End ?? new FramePosition(epoch, gap!.Next - 1);
        return PassAsync(new FrameEvent(FramePosition.FormatEpoch(epoch), position.ToString(), null, WireGap.From(gap), range?.Frames ?? []));
    }

    /// <inheritdoc/>
    public override ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override void Opened(OpenOutcome outcome) => _outcome = outcome;

    // Says where the tab stands before there is any frame, so that one that is cut off early can resume too. The gap comes with the first batch.
    /// <inheritdoc/>
    protected override FrameEvent First() =>
        new(FramePosition.FormatEpoch(_outcome.Position.Epoch), _outcome.Position.ToString(), _outcome.Recovered, null, []);
}
