using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Sessions;

/// <summary>
/// How many of this front's attaches are under way at once. A front's whole crowd may come in one moment; asked for all at once, the silos would answer
/// each of them late, and what is answered too late is asked again: the load grows by what it could not carry, and nobody is served. In a line, those who
/// are asked for are answered at once. First attaches, which tabs wait for, and those that replace an older one have a line each.
/// </summary>
/// <remarks>
/// Who gets no answer is no sign of load, and must not hold up those behind, whose owners are others: a place is kept only while an answer is not overdue
/// by what the answers before it took (<see cref="AnswerTimes"/>).
/// </remarks>
internal sealed class AttachGate(TimeProvider time)
{
    /// <summary>How many of each line are under way: at the millisecond that an attach costs, some 30 ms of two processors.</summary>
    public const int AtOnce = 64;

    private readonly SemaphoreSlim _first = new(AtOnce, AtOnce);
    private readonly SemaphoreSlim _anew = new(AtOnce, AtOnce);
    private readonly AnswerTimes _answers = new();

    /// <summary>Waits for a place, in the order of coming.</summary>
    /// <param name="anew">Whether it replaces an attachment that there was.</param>
    public async Task<Place> EnterAsync(bool anew)
    {
        var places = anew ? _anew : _first;
        if (!places.Wait(0, CancellationToken.None))
        {
            SessionMetrics.WaitsToAttach(1);
            await places.WaitAsync();
            SessionMetrics.WaitsToAttach(-1);
        }

        return new Place(this, places);
    }

    /// <summary>Leave to ask for one attach. Given back with <see cref="Ask"/>, or unused at its end.</summary>
    internal sealed class Place(AttachGate gate, SemaphoreSlim places) : IDisposable
    {
        private bool _isGiven;

        /// <summary>Makes the call, and gives the place back when it is answered, however that is, or overdue.</summary>
        /// <exception cref="Exception">What the call itself throws.</exception>
        public Task<T> Ask<T>(Func<Task<T>> call)
        {
            var asked = call();
            _isGiven = true;
            _ = GiveBackAsync(asked, gate._answers.Patience);
            return asked;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_isGiven)
                places.Release();
            _isGiven = true;
        }

        private async Task GiveBackAsync(Task call, TimeSpan patience)
        {
            var began = gate.Time.GetTimestamp();
            await call.WaitAsync(patience, gate.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            var isOverdue = !call.IsCompleted;
            if (isOverdue)
            {
                places.Release();
                await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            if (call.IsCompletedSuccessfully)
                gate._answers.Took(gate.Time.GetElapsedTime(began));
            if (!isOverdue)
                places.Release();
        }
    }

    private TimeProvider Time => time;
}
