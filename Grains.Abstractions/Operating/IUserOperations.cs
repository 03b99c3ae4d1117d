using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Operating;

/// <summary>What operators ask and do about one user's connection. Called by the admin API; the key is the user's id.</summary>
[Alias("connections.user-operations")]
public interface IUserOperations : IGrainWithStringKey
{
    /// <summary>Everything that the owner knows.</summary>
    [Alias("Explain"), ResponseTimeout("00:00:05")]
    Task<UserExplanation> Explain();

    /// <summary>Commands the user's breaker; returns when it is stored or on its way there.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="detail">Who and why.</param>
    [Alias("Command"), ResponseTimeout("00:00:05")]
    Task<BreakerStateView> Command(BreakerCommand command, string detail);

    /// <summary>Ends the connection now, without its linger: the fronts have closed the tabs.</summary>
    [Alias("Disconnect"), ResponseTimeout("00:00:05")]
    Task Disconnect();
}
