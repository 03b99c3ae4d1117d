using Connections.Grains.Abstractions.Operating;

namespace Connections.Grains.Fronts;

/// <summary>The fronts that live, in memory.</summary>
internal sealed class FrontRegistryGrain(TimeProvider time) : Grain, IFrontRegistryGrain
{
    // A front says hello every 2 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly Dictionary<string, (FrontHello Hello, long Seen)> _fronts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task Hello(FrontHello hello)
    {
        _fronts[hello.FrontId] = (hello, time.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<FrontHello[]> List()
    {
        foreach (var (front, (_, seen)) in _fronts)
        {
            if (time.GetElapsedTime(seen) > Patience)
                _fronts.Remove(front);
        }

        return Task.FromResult(_fronts.Values.Select(f => f.Hello).OrderBy(f => f.FrontId, StringComparer.Ordinal).ToArray());
    }
}
