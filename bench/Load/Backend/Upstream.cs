using System.Runtime.InteropServices;
using Connections.Load.Wire;

namespace Connections.Load.Backend;

/// <summary>One connection at the backend: what could not be written at once waits in its buffer.</summary>
internal sealed class Upstream(int fd, Poll poll)
{
    /// <summary>With this many bytes waiting the one at the other end is behind, and no more messages are made.</summary>
    public const int MostWaiting = 1 << 20;

    private byte[] _waiting = [];
    private int _length;

    /// <summary>Its user, once it has said who it is; -1 before.</summary>
    public int User { get; set; } = -1;

    /// <summary>Its socket.</summary>
    public int Fd => fd;

    /// <summary>What came of a frame or a request that is not whole yet.</summary>
    public byte[] Rest { get; set; } = [];

    /// <summary>Whether the other end is behind.</summary>
    public bool IsBehind => _length > MostWaiting;

    /// <summary>Writes, or keeps what does not fit.</summary>
    /// <returns>False when the line is gone.</returns>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_length == 0)
        {
            var sent = Libc.Send(fd, bytes);
            if (sent == bytes.Length)
                return true;
            if (sent < 0 && Marshal.GetLastPInvokeError() != Libc.Again)
                return false;
            bytes = bytes[Math.Max(sent, 0)..];
            poll.Watch(fd, Libc.In | Libc.Out, Libc.Modify);
        }

        if (_length + bytes.Length > _waiting.Length)
            Array.Resize(ref _waiting, Math.Max(64 << 10, 2 * (_length + bytes.Length)));
        bytes.CopyTo(_waiting.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>There is room again.</summary>
    public void Flush()
    {
        var sent = Libc.Send(fd, _waiting.AsSpan(0, _length));
        if (sent <= 0)
            return;
        _waiting.AsSpan(sent, _length - sent).CopyTo(_waiting);
        _length -= sent;
        if (_length == 0)
            poll.Watch(fd, Libc.In, Libc.Modify);
    }
}
