namespace Connections.Simulation.Tests.World;

/// <summary>Calls between processes as Orleans makes them: an answer, an error, or none within a time; and never knowing which of both ways was lost.</summary>
internal sealed class Network(Loop loop)
{
    public Weather Weather { get; } = new();

    /// <summary>Calls.</summary>
    /// <param name="from">Who calls; the answer comes on its main lane.</param>
    /// <param name="dice">The user's dice.</param>
    /// <param name="timeout">How long it waits.</param>
    /// <param name="arrive">The call arrives: finds the process that serves it, and serves it. Null when nobody is there.</param>
    public Task<T> CallAsync<T>(Node from, Random dice, TimeSpan timeout, Func<Served<T>, Node?> arrive)
    {
        var answer = new TaskCompletionSource<T>();
        loop.After(timeout, () =>
        {
            if (!answer.Task.IsCompleted)
                from.Post(() => answer.TrySetException(new TimeoutException("No answer came in time.")));
        });
        var copies = dice.NextDouble() < Weather.Doubled ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (dice.NextDouble() < Weather.Lost)
                continue;
            var latency = Weather.Latency(dice);
            loop.After(latency, () => Arrive(from, dice, answer, arrive));
        }

        return answer.Task;
    }

    private void Arrive<T>(Node from, Random dice, TaskCompletionSource<T> answer, Func<Served<T>, Node?> arrive)
    {
        Node? to = null;
        to = arrive(new Served<T>(from, set =>
        {
            if (dice.NextDouble() < Weather.Lost || (to is not null && Weather.Cut.Contains((to, from))))
                return;
            from.After(Weather.Latency(dice), () => set(answer));
        }));
    }

    /// <summary>A call that has arrived.</summary>
    /// <param name="from">Who calls.</param>
    /// <param name="answer">Sends the answer.</param>
    public sealed class Served<T>(Node from, Action<Action<TaskCompletionSource<T>>> answer)
    {
        public Node From => from;

        public void With(T result) => answer(a => a.TrySetResult(result));

        public void Fails(Exception error) => answer(a => a.TrySetException(error));

        /// <summary>Serves it on a lane.</summary>
        public void By(Lane lane, Func<Task<T>> serve, Action? done = null) =>
            _ = Task.Factory.StartNew(
                async () =>
                {
                    try
                    {
                        With(await serve());
                    }
                    catch (Exception e)
                    {
                        Fails(e);
                    }

                    done?.Invoke();
                },
                CancellationToken.None, TaskCreationOptions.DenyChildAttach, lane);
    }
}
