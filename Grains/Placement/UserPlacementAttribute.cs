using Orleans.Placement;

namespace Connections.Grains.Placement;

/// <summary>Places a grain by <see cref="UserPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UserPlacementAttribute() : PlacementAttribute(UserPlacement.Instance);
