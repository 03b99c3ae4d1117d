namespace Connections.Hosting;

/// <summary>Something that must hold before a process starts. Asked by <see cref="HostRunner"/>, after the options and before any service.</summary>
public interface IStartCheck
{
    /// <summary>Looks.</summary>
    /// <exception cref="StartException">It does not hold.</exception>
    Task CheckAsync();
}
