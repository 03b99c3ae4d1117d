using Connections.Grains.Abstractions.Monitoring;
using Connections.Hosting.Telemetry;

namespace Connections.Silo.Monitoring;

/// <summary>Puts the silo's figures into its report on the cluster's board.</summary>
internal sealed class SiloFigures : INodeFigures, IDisposable
{
    private readonly Figures _figures = new("Connections.Grains", "Connections.Silo");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Read() => _figures.Read();

    /// <inheritdoc/>
    public void Dispose() => _figures.Dispose();
}
