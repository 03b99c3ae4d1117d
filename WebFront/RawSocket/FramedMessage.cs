namespace Connections.WebFront.RawSocket;

/// <summary>A text message with the head of its WebSocket frame before it, for all tabs that get it.</summary>
internal sealed class FramedMessage
{
    private readonly byte[] _framed;
    private readonly int _head;

    /// <summary>Frames a message.</summary>
    public FramedMessage(ReadOnlySpan<byte> message)
    {
        _head = SocketFrame.HeadLength(message.Length);
        _framed = GC.AllocateUninitializedArray<byte>(_head + message.Length);
        SocketFrame.WriteHead(_framed, isText: true, message.Length);
        message.CopyTo(_framed.AsSpan(_head));
    }

    /// <summary>The bytes for the wire.</summary>
    public ReadOnlySpan<byte> Framed => _framed;

    /// <summary>The message alone.</summary>
    public ReadOnlyMemory<byte> Message => _framed.AsMemory(_head);
}
