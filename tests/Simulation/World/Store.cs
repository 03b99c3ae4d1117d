using Connections.Grains.Ownership;
using Connections.Testing.History.Events;
using Orleans.Storage;

namespace Connections.Simulation.Tests.World;

/// <summary>The store of users' states: compares ETags, and may be slow, away, or lose the answer of a write that it has made.</summary>
internal sealed class Store(World world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (StoredConnection State, int ETag)> _records = [];

    /// <summary>Whether it answers.</summary>
    public bool Away { get; set; }

    /// <summary>The share of writes whose answer is lost.</summary>
    public double AnswersLost { get; set; }

    /// <summary>Reads a record.</summary>
    public Task<(StoredConnection State, int ETag)> ReadAsync(Node from, string user) => AskAsync(from, user, () =>
    {
        var (state, etag) = _records.GetValueOrDefault(user, (new StoredConnection(), 0));
        state = state with { };
        if (world.Sabotage is Sabotage.CrashLooksClean && state.Generation > 0)
            state.Clean = true;
        if (world.Sabotage is Sabotage.GenerationNotRaised)
            state.Generation = 0;
        return (state, etag);
    });

    /// <summary>Writes a record that is still as it was when it was read.</summary>
    /// <exception cref="InconsistentStateException">It is not.</exception>
    public Task<int> WriteAsync(Node from, string user, StoredConnection state, int etag)
    {
        state = state with { };
        return AskAsync(from, user, () =>
        {
            var stored = _records.TryGetValue(user, out var known) ? known : (State: new StoredConnection(), ETag: 0);
            if (stored.ETag != etag)
                throw new InconsistentStateException("Somebody else wrote.", $"{stored.ETag}", $"{etag}");
            if (state.Owner != stored.State.Owner)
                world.Record("store", new OwnerTook(user, state.Owner!, state.Generation));
            _records[user] = (state, stored.ETag + 1);
            return stored.ETag + 1;
        });
    }

    private Task<T> AskAsync<T>(Node from, string user, Func<T> work)
    {
        var dice = world.DiceOf(user);
        var answer = new TaskCompletionSource<T>();
        if (Away)
        {
            from.After(Patience * dice.NextDouble(), () => answer.TrySetException(new TimeoutException("The store does not answer.")));
            return answer.Task;
        }

        world.Loop.After(TimeSpan.FromMilliseconds(0.3 + (4 * dice.NextDouble())), () =>
        {
            try
            {
                var result = work();
                var lost = dice.NextDouble() < AnswersLost;
                from.After(lost ? Patience : TimeSpan.FromMilliseconds(dice.NextDouble()), () =>
                {
                    if (lost)
                        answer.TrySetException(new TimeoutException("The answer of the store was lost."));
                    else
                        answer.TrySetResult(result);
                });
            }
            catch (InconsistentStateException e)
            {
                from.After(TimeSpan.FromMilliseconds(dice.NextDouble()), () => answer.TrySetException(e));
            }
        });
        return answer.Task;
    }
}
