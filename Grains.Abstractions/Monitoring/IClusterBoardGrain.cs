namespace Connections.Grains.Abstractions.Monitoring;

/// <summary>
/// The board on which every process writes how it is. Called by silos, which learn from it how many users the others have, and by fronts,
/// which show it. There is one, with key 0; it stores nothing, and a lost one is full again a second later.
/// </summary>
[Alias("connections.board")]
public interface IClusterBoardGrain : IGrainWithIntegerKey
{
    /// <summary>Writes a report, and reads the board.</summary>
    [Alias("Report")]
    Task<ClusterView> Report(NodeReport report);

    /// <summary>Reads the board.</summary>
    [Alias("Read")]
    Task<ClusterView> Read();
}
