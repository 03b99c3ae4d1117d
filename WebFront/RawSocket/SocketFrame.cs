using System.Buffers.Binary;

namespace Connections.WebFront.RawSocket;

/// <summary>
/// A message as a server puts it on the wire (RFC 6455, 5.2): one frame, without a mask. The bytes are the same for every tab, so that they are made
/// once for all of a user's.
/// </summary>
internal static class SocketFrame
{
    private const byte Last = 0x80;
    private const byte Text = 1;
    private const byte Binary = 2;
    private const int LongestShort = 125;
    private const byte TwoBytes = 126;
    private const byte EightBytes = 127;

    /// <summary>The bytes before a payload.</summary>
    public static int HeadLength(int payload) => payload <= LongestShort ? 2 : payload <= ushort.MaxValue ? 4 : 10;

    /// <summary>Writes them.</summary>
    public static void WriteHead(Span<byte> into, bool isText, int payload)
    {
        into[0] = (byte)(Last | (isText ? Text : Binary));
        switch (HeadLength(payload))
        {
            case 2:
                into[1] = (byte)payload;
                break;
            case 4:
                into[1] = TwoBytes;
                BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)payload);
                break;
            default:
                into[1] = EightBytes;
                BinaryPrimitives.WriteUInt64BigEndian(into[2..], (ulong)payload);
                break;
        }
    }
}
