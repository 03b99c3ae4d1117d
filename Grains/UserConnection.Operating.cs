using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Breakers;

namespace Connections.Grains;

/// <summary>What operators ask and do.</summary>
internal sealed partial class UserConnection
{
    private readonly MoveHistory _breakerMoves = new();

    /// <summary>As <see cref="IUserOperations.Explain"/>.</summary>
    public UserExplanation Explain() => new(
        _services.Links.SiloName,
        CurrentState(),
        _breaker.Snapshot.Detail,
        _breakerMoves.ToArray(),
        _outgoing.Waiting,
        _outgoing.WaitingBytes,
        [.. _feed.Subscriptions.Select(s => new AttachedFront(s.FrontId, s.Tabs, s.Cursor))]);

    /// <summary>As <see cref="IUserOperations.Command"/>.</summary>
    public async Task<BreakerStateView> CommandAsync(BreakerCommand command, string detail)
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
}
