namespace Connections.Load.Subjects;

/// <summary>A folder that ends with a measurement.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connections-load-");

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
