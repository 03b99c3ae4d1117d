using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>The answer to a text message.</summary>
internal sealed class Echo(string data) : Outgoing
{
    internal override IEnumerable<Frame> Frames(User user)
    {
        var echo = $"{{\"type\":\"echo\",\"user\":{user.JsonId},\"n\":{user.NextNumber()},\"data\":\"{JsonEncodedText.Encode(data)}\"}}";
        yield return new(Encoding.UTF8.GetBytes(echo), WebSocketMessageType.Text);
    }
}
