namespace Connections.Grains;

/// <summary>What a <see cref="UserConnection"/> needs of the activation that it lives in; a simulated world has its own.</summary>
internal interface IActivation
{
    /// <summary>The activation's name, which no other has or had.</summary>
    string Name { get; }

    /// <summary>Ends this activation once no call is under way: <see cref="UserConnection.LeaveAsync"/> follows.</summary>
    void Deactivate();

    /// <summary>Calls back once, in a turn of this activation.</summary>
    /// <returns>Disposed of, it never calls.</returns>
    IDisposable StartTimer(TimeSpan due, Action callback);
}
