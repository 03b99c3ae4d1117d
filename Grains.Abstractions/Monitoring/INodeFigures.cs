namespace Connections.Grains.Abstractions.Monitoring;

/// <summary>The process's own figures for its report; the host has them.</summary>
public interface INodeFigures
{
    /// <summary>The figures now, by name.</summary>
    IReadOnlyDictionary<string, double> Read();
}
