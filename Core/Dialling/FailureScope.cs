namespace Connections.Core;

/// <summary>Whom a failed dial concerns.</summary>
public enum FailureScope
{
    /// <summary>Nobody: it did not fail, or it proves nothing.</summary>
    None,

    /// <summary>This user alone: the backend is there and refused this one. Counts for the user's breaker, and as a sign of life for
    /// <see cref="UpstreamHealth"/>.</summary>
    User,

    /// <summary>The backend as a whole, and so this user too. Counts for both.</summary>
    Upstream,
}
