namespace Connections.Faults.Tests.Stage;

/// <summary>What a row is played on.</summary>
public enum StageKind
{
    /// <summary>Two silos, two fronts, Redis.</summary>
    Common,

    /// <summary>Three silos and two fronts, each in a network namespace of its own; needs root and <c>ip</c>.</summary>
    Network,

    /// <summary>As common, with the data of Redis on a small file system of its own; needs root.</summary>
    SmallDisk,
}
