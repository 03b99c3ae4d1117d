namespace Connections.Grains.Placement;

/// <summary>Called by the silo that a user's connection lives on, when it stops or has too many: through <see cref="HandOvers"/>.</summary>
[Alias("connections.hand-over")]
internal interface IHandOver : IGrainWithStringKey
{
    /// <summary>Moves this activation to another silo, where it goes on in the same epoch; what is called meanwhile follows it there.</summary>
    [Alias("HandOver")]
    Task HandOver();

    /// <summary>Ends this activation in order; for the last silo, which leaves nobody to hand over to.</summary>
    [Alias("Leave")]
    Task Leave();
}
