namespace Connections.Grains.Abstractions.Operating;

/// <summary>What operators ask and do about one front. Called by the admin API, perhaps on another front.</summary>
[Alias("connections.front-operations")]
public interface IFrontOperations : IGrainObserver
{
    /// <summary>The tabs that it holds for a user.</summary>
    [Alias("Tabs"), ResponseTimeout("00:00:02")]
    Task<TabExplanation[]> Tabs(string userId);

    /// <summary>Closes a user's tabs for good.</summary>
    /// <returns>How many.</returns>
    [Alias("Disconnect"), ResponseTimeout("00:00:05")]
    Task<int> Disconnect(string userId);

    /// <summary>Tokens were revoked: reads which, and ends the lines that they opened.</summary>
    /// <returns>How many.</returns>
    [Alias("TokensRevoked"), ResponseTimeout("00:00:03")]
    Task<int> TokensRevoked();

    /// <summary>Sends all tabs elsewhere, takes none in any more, and says that it is not ready. It does not stop.</summary>
    /// <returns>How many tabs.</returns>
    [Alias("Drain"), ResponseTimeout("00:00:05")]
    Task<int> Drain();
}
