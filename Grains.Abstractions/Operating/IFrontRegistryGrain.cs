namespace Connections.Grains.Abstractions.Operating;

/// <summary>Knows the fronts that live, for operators; there is one, with key 0. It forgets when it moves, and hears from every front again within seconds.</summary>
[Alias("connections.front-registry")]
public interface IFrontRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>A front lives. Called by each front every few seconds.</summary>
    [Alias("Hello"), ResponseTimeout("00:00:02")]
    Task Hello(FrontHello hello);

    /// <summary>The fronts that were heard of lately.</summary>
    [Alias("List"), ResponseTimeout("00:00:05")]
    Task<FrontHello[]> List();
}
