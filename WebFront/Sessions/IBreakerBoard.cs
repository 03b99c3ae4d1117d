namespace Connections.WebFront.Sessions;

/// <summary>How the breakers of <c>/api</c> stand, for the tabs that asked to be told.</summary>
internal interface IBreakerBoard
{
    /// <summary>One of them changed.</summary>
    event Action? Changed;

    /// <summary>All of them, now.</summary>
    IReadOnlyList<Api.WireApiBreaker> Breakers { get; }
}
