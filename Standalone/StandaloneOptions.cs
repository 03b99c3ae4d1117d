using System.ComponentModel.DataAnnotations;

namespace Connections.Standalone;

/// <summary>What the stand-alone process runs beside silo and front; section <c>Standalone</c>.</summary>
public sealed class StandaloneOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Standalone";

    /// <summary>Whether to run the sample backend, and to dial it unless <c>Upstream:Url</c> says otherwise. Default true.</summary>
    public bool SampleBackend { get; set; } = true;

    /// <summary>The sample backend's port on 127.0.0.1; 0 takes any free one. Default 8008.</summary>
    [Range(0, 65535)]
    public int BackendPort { get; set; } = 8008;

    /// <summary>Where the embedded store keeps users' state between runs; relative to the content root. Default <c>data</c>.</summary>
    [Required]
    public string DataPath { get; set; } = "data";
}
