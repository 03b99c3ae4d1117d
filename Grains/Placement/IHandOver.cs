namespace Connections.Grains.Placement;

/// <summary>Called by the drain of the silo that a user's connection lives on.</summary>
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
