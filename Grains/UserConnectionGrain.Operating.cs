using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Breakers;

namespace Connections.Grains;

/// <summary>What operators ask and do.</summary>
internal sealed partial class UserConnectionGrain : IUserOperations
{
    private readonly MoveHistory _breakerMoves = new();

    /// <inheritdoc/>
    public Task<UserExplanation> Explain() => Task.FromResult(new UserExplanation(
        _links.SiloName,
        CurrentState(),
        _breaker.Snapshot.Detail,
        _breakerMoves.ToArray(),
        _outgoing.Waiting,
        _outgoing.WaitingBytes,
        [.. _feed.Subscriptions.Select(s => new AttachedFront(s.FrontId, s.Tabs, s.Cursor))]));

    /// <inheritdoc/>
    public async Task<BreakerStateView> Command(BreakerCommand command, string detail)
    {
        // Only an owner's hold is stored.
        await OwnAsync();
        switch (command)
        {
            case BreakerCommand.ForceOpen:
                _breaker.ForceOpen(detail);
                break;
            case BreakerCommand.ForceClosed:
                _breaker.ForceClosed(detail);
                break;
            default:
                _breaker.Reset(detail);
                break;
        }

        _upstream.AskAgain();
        return CurrentState().Breaker;
    }

    /// <inheritdoc/>
    public Task Disconnect()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
