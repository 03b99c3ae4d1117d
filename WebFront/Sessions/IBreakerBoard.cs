using Connections.WebFront.Wire;

namespace Connections.WebFront.Sessions;

/// <summary>How the breakers of <c>/api</c> stand. Asked by the tabs that watch them, and by <c>GET /breakers</c>.</summary>
internal interface IBreakerBoard
{
    /// <summary>All of them, now.</summary>
    IReadOnlyList<WireApiBreaker> Breakers { get; }

    /// <summary>Tells a tab of every change, by <see cref="Tab.BreakersChanged"/>, until it has gone.</summary>
    void Add(Tab tab);

    /// <summary>A tab has gone.</summary>
    void Remove(Tab tab);
}
