using System.Runtime.InteropServices;
using Connections.Core;

namespace Connections.Grains.Abstractions.Serialization;

/// <summary>A <see cref="Frame"/> as Orleans writes it: Core knows nothing of Orleans.</summary>
[GenerateSerializer, Alias("connections.frame")]
public struct FrameSurrogate
{
    /// <summary><see cref="Frame.Offset"/>.</summary>
    [Id(0)]
    public long Offset { get; set; }

    /// <summary><see cref="Frame.Kind"/>.</summary>
    [Id(1)]
    public byte Kind { get; set; }

    /// <summary><see cref="Frame.Payload"/>.</summary>
    [Id(2)]
    public byte[] Payload { get; set; }

    /// <summary><see cref="Frame.At"/>.</summary>
    [Id(3)]
    public long At { get; set; }
}

/// <summary>Turns frames into surrogates and back.</summary>
[RegisterConverter]
public sealed class FrameConverter : IConverter<Frame, FrameSurrogate>
{
    /// <inheritdoc/>
    public Frame ConvertFromSurrogate(in FrameSurrogate surrogate) =>
        new(surrogate.Offset, (FrameKind)surrogate.Kind, surrogate.Payload, surrogate.At);

    /// <inheritdoc/>
    public FrameSurrogate ConvertToSurrogate(in Frame value) => new()
    {
        Offset = value.Offset,
        Kind = (byte)value.Kind,
        Payload = WholeArray(value.Payload),
        At = value.At,
    };

    private static byte[] WholeArray(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : payload.ToArray();
}
