using Connections.Grains.Abstractions.Monitoring;

namespace Connections.Grains.Monitoring;

/// <summary>A host without figures.</summary>
internal sealed class NoFigures : INodeFigures
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Read() => new Dictionary<string, double>();
}
