using System.Globalization;
using Connections.Grains.Abstractions.Operating;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Revoking;

/// <summary>Which tokens were revoked, for all fronts; stored before a revocation is answered.</summary>
internal sealed partial class RevocationGrain(
    [PersistentState("revocations", StorageNames.Connections)] IPersistentState<StoredRevocations> storage,
    TimeProvider time,
    ILogger<RevocationGrain> logger) : Grain, IRevocationGrain
{
    // Each front holds them all, and each change is stored with all of them. Who has to revoke more changes the key that signs the tokens.
    private const int Most = 10_000;

    private RevocationList _list = new("", []);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Show();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Revoke(Revocation revocation)
    {
        ArgumentNullException.ThrowIfNull(revocation);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Revocation[] all =
        [
            .. storage.State.All.Where(r => r.Until > now && (r.UserId != revocation.UserId || r.TokenId != revocation.TokenId)),
            revocation,
        ];
        if (all.Length > Most)
            throw new OrleansException($"There are {Most} revocations already: change the key that signs the tokens, which ends them all.");
        try
        {
            if (storage.State.Term == 0)
                storage.State.Term = Random.Shared.NextInt64(1, long.MaxValue);
            storage.State.Version++;
            storage.State.All = all;
            await storage.WriteStateAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What the store has is the truth: the next activation reads it.
            Log.NotStored(logger, e);
            DeactivateOnIdle();
            throw new OrleansException("The revocation could not be stored: try again.");
        }

        Show();
    }

    /// <inheritdoc/>
    public Task<RevocationList?> Read(string? mark) => Task.FromResult(mark == _list.Mark ? null : _list);

    private void Show() => _list = new RevocationList(
        string.Create(CultureInfo.InvariantCulture, $"{storage.State.Term}-{storage.State.Version}"), [.. storage.State.All]);

    private static partial class Log
    {
        [LoggerMessage(950, LogLevel.Error, "A revocation could not be stored: whoever asked for it was told so")]
        public static partial void NotStored(ILogger logger, Exception error);
    }
}
