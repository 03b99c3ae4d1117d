namespace Connections.WebFront.Sessions;

/// <summary>
/// How many of this front's attaches are under way at once. A front's whole crowd may come in one moment; asked for all at once, the silos would answer
/// each of them late, and what is answered too late is asked again: the load grows by what it could not carry, and nobody is served. In a line, those who
/// are asked for are answered at once. First attaches, which tabs wait for, and those that replace an older one have a line each, so that the users of a
/// silo that is gone are not in the way of others.
/// </summary>
internal sealed class AttachGate(TimeProvider time)
{
    /// <summary>How many of each line are under way: at the millisecond that an attach costs, some 30 ms of two processors.</summary>
    public const int AtOnce = 64;

    /// <summary>For how long one keeps its place: an owner that does not answer is no sign of load, and those behind do not ask the same one.</summary>
    public static readonly TimeSpan KeepsItsPlace = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _first = new(AtOnce);
    private readonly SemaphoreSlim _anew = new(AtOnce);

    /// <summary>Waits for a place, in the order of coming. It must be given back, by <see cref="Leave"/> or with a call by <see cref="Ask"/>.</summary>
    /// <param name="anew">Whether it replaces an attachment that there was.</param>
    public Task EnterAsync(bool anew) => Places(anew).WaitAsync();

    /// <summary>Gives a place back that was not used.</summary>
    public void Leave(bool anew) => Places(anew).Release();

    /// <summary>Makes a call, and gives the place back when it has ended, however it did, or after <see cref="KeepsItsPlace"/>.</summary>
    /// <exception cref="Exception">What the call itself throws.</exception>
    public Task<T> Ask<T>(Func<Task<T>> call, bool anew)
    {
        Task<T> asked;
        try
        {
            asked = call();
        }
        catch
        {
            Leave(anew);
            throw;
        }

        _ = LeaveAfterAsync(asked, anew);
        return asked;
    }

    private async Task LeaveAfterAsync(Task call, bool anew)
    {
        await call.WaitAsync(KeepsItsPlace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Leave(anew);
    }

    private SemaphoreSlim Places(bool anew) => anew ? _anew : _first;
}
