using Orleans.Runtime.Placement;

namespace Connections.Grains.Placement;

/// <summary>Chooses a silo for a user.</summary>
internal sealed class UserPlacementDirector(SiloDrain drain, SiloLoads loads) : IPlacementDirector
{
    /// <inheritdoc/>
    /// <exception cref="OrleansException">All silos leave: a user there would dial, and be sent away at once. Fronts ask again until there is one that stays.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var staying = Array.FindAll(context.GetCompatibleSilos(target), s => !loads.Leaves(s) && !(drain.IsDraining && s.Equals(context.LocalSilo)));
        if (staying.Length == 0)
            throw AllLeave();

        // With no other silo than the one to be avoided there is nothing better.
        var avoid = target.RequestContextData?.GetValueOrDefault(PlacementHints.Avoid) as string;
        var choice = Array.FindAll(staying, s => s.ToParsableString() != avoid) is { Length: > 0 } others ? others : staying;
        return Task.FromResult((string.IsNullOrEmpty(avoid) ? null : loads.Choose(choice)) ?? choice[Random.Shared.Next(choice.Length)]);
    }

    /// <summary>Why a user has no owner when all silos leave.</summary>
    public static OrleansException AllLeave() => new("All silos leave, and none is there that could own a user.");
}
