using Connections.Grains.Abstractions.State;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.GraphQL;

/// <summary>The events of the subscription <c>state</c>.</summary>
internal sealed class StateStream : TabStream<WireState>
{
    private OpenOutcome _outcome = null!;

    public StateStream(SessionRegistry sessions, Caller caller, EventGate gate, IBreakerBoard? board, TimeProvider time)
        : base(sessions, caller, gate, time)
    {
        if (board is not null)
            Tab.Watch(board);
    }

    /// <inheritdoc/>
    public override ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) =>
        PassAsync(WireState.From(state, Time.GetUtcNow(), breakers));

    /// <inheritdoc/>
    protected override void Opened(OpenOutcome outcome) => _outcome = outcome;

    /// <inheritdoc/>
    protected override WireState First() => WireState.From(_outcome.State, Time.GetUtcNow(), Tab.WatchedBreakers);
}
