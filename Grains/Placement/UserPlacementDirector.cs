using Orleans.Runtime.Placement;

namespace Connections.Grains.Placement;

/// <summary>Chooses a silo for a user.</summary>
internal sealed class UserPlacementDirector(SiloDrain drain, SiloLoads loads) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        var avoid = target.RequestContextData?.GetValueOrDefault(PlacementHints.Avoid) as string;
        var staying = Array.FindAll(compatible, s => s.ToParsableString() != avoid && !loads.Leaves(s) && !(drain.IsDraining && s.Equals(context.LocalSilo)));

        // When all are leaving there is nothing better than one that leaves.
        var choice = staying.Length > 0 ? staying : compatible;
        return Task.FromResult((string.IsNullOrEmpty(avoid) ? null : loads.Choose(choice)) ?? choice[Random.Shared.Next(choice.Length)]);
    }
}
