namespace Connections.Grains.Placement;

/// <summary>Called by the drain of the silo that a user's connection lives on.</summary>
[Alias("connections.hand-over")]
internal interface IHandOver : IGrainWithStringKey
{
    /// <summary>Ends this activation in order, so that the next one goes on in the same epoch elsewhere.</summary>
    [Alias("HandOver")]
    Task HandOver();
}
