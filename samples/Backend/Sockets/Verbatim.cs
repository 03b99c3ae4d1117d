using System.Net.WebSockets;
using System.Text;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>A message sent as it is, in one frame or in several. It has no number.</summary>
internal sealed class Verbatim(ReadOnlyMemory<byte> payload, WebSocketMessageType type, int fragments = 1) : Outgoing
{
    internal Verbatim(string text, int fragments = 1)
        : this(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, fragments)
    {
    }

    internal override IEnumerable<Frame> Frames(User user)
    {
        for (var i = 0; i < fragments; i++)
        {
            var (start, end) = (payload.Length * i / fragments, payload.Length * (i + 1) / fragments);
            yield return new(payload[start..end], type, EndOfMessage: i == fragments - 1);
        }
    }
}
