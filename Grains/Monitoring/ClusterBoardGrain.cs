using Connections.Grains.Abstractions.Monitoring;

namespace Connections.Grains.Monitoring;

/// <summary>Keeps the newest report of every process, and forgets those that fell silent.</summary>
internal sealed class ClusterBoardGrain(TimeProvider time) : Grain, IClusterBoardGrain
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (NodeReport Report, long At)> _nodes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ClusterView> Report(NodeReport report)
    {
        _nodes[report.Id] = (report, time.GetTimestamp());
        return Read();
    }

    /// <inheritdoc/>
    public Task<ClusterView> Read()
    {
        foreach (var (id, node) in _nodes)
        {
            if (time.GetElapsedTime(node.At) > Silence)
                _nodes.Remove(id);
        }

        return Task.FromResult(new ClusterView([.. _nodes.Values.Select(n => n.Report)]));
    }
}
