using Connections.Core;

namespace Connections.Grains.Abstractions.Serialization;

/// <summary>A <see cref="FramePosition"/> as Orleans writes it.</summary>
[GenerateSerializer, Alias("connections.position")]
public struct FramePositionSurrogate
{
    /// <summary><see cref="FramePosition.Epoch"/>.</summary>
    [Id(0)]
    public ulong Epoch { get; set; }

    /// <summary><see cref="FramePosition.Offset"/>.</summary>
    [Id(1)]
    public long Offset { get; set; }
}

/// <summary>Turns positions into surrogates and back.</summary>
[RegisterConverter]
public sealed class FramePositionConverter : IConverter<FramePosition, FramePositionSurrogate>
{
    /// <inheritdoc/>
    public FramePosition ConvertFromSurrogate(in FramePositionSurrogate surrogate) => new(surrogate.Epoch, surrogate.Offset);

    /// <inheritdoc/>
    public FramePositionSurrogate ConvertToSurrogate(in FramePosition value) => new() { Epoch = value.Epoch, Offset = value.Offset };
}
