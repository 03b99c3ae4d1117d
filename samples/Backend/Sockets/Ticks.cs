using System.Net.WebSockets;
using System.Text;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>One or more ticks in a row.</summary>
/// <param name="at">When they were asked for, in Unix milliseconds.</param>
/// <param name="count">How many.</param>
/// <param name="size">The length of each in bytes, reached by a member <c>pad</c>; a tick that is longer by itself stays as it is.</param>
internal sealed class Ticks(long at, int count = 1, int size = 0) : Outgoing
{
    internal override IEnumerable<Frame> Frames(User user)
    {
        for (var i = 0; i < count; i++)
            yield return new(Render(user), WebSocketMessageType.Text);
    }

    private byte[] Render(User user)
    {
        const string padStart = ",\"pad\":\"";
        const string padEnd = "\"}";
        var tick = $"{{\"type\":\"tick\",\"user\":{user.JsonId},\"n\":{user.NextNumber()},\"at\":{at}}}";
        var length = Encoding.UTF8.GetByteCount(tick);
        var padding = size - (length - 1 + padStart.Length + padEnd.Length);
        if (padding < 0)
            return Encoding.UTF8.GetBytes(tick);

        var padded = new byte[size];
        var written = Encoding.UTF8.GetBytes(tick.AsSpan(0, tick.Length - 1), padded);
        written += Encoding.UTF8.GetBytes(padStart, padded.AsSpan(written));
        padded.AsSpan(written, padding).Fill((byte)'x');
        Encoding.UTF8.GetBytes(padEnd, padded.AsSpan(written + padding));
        return padded;
    }
}
