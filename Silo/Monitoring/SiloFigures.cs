using Connections.Grains.Abstractions.Monitoring;
using Connections.Hosting.Telemetry;

namespace Connections.Silo.Monitoring;

/// <summary>Puts the process's figures into its report on the cluster's board.</summary>
internal sealed class SiloFigures(Figures figures) : INodeFigures
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Read() => figures.Read();
}
