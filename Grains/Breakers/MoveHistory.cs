using Connections.Core;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Breakers;

/// <summary>The last transitions of a breaker since its activation, for operators.</summary>
internal sealed class MoveHistory
{
    private const int Kept = 20;

    private readonly Queue<BreakerMove> _moves = [];

    /// <summary>Adds one.</summary>
    public void Add(BreakerTransition transition)
    {
        _moves.Enqueue(new BreakerMove(
            transition.From, transition.To, transition.Reason, transition.At.ToUnixTimeMilliseconds(), transition.Snapshot.Detail));
        if (_moves.Count > Kept)
            _moves.Dequeue();
    }

    /// <summary>All of them, oldest first.</summary>
    public BreakerMove[] ToArray() => [.. _moves];
}
