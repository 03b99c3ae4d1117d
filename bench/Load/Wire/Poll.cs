using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Connections.Load.Wire;

/// <summary>Which of many sockets can be read or written: one epoll, used by one thread.</summary>
internal sealed unsafe class Poll
{
    private const int Most = 512;

    // The kernel packs its event on x86-64 alone.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;

    private readonly int _epoll = Libc.Checked(Libc.epoll_create1(0), nameof(Libc.epoll_create1));
    private readonly byte[] _events = new byte[Most * 16];
    private readonly byte[] _change = new byte[16];

    /// <summary>Watches a socket.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="what"><see cref="Libc.In"/> and <see cref="Libc.Out"/>.</param>
    /// <param name="operation"><see cref="Libc.Add"/> or <see cref="Libc.Modify"/>.</param>
    public void Watch(int fd, int what, int operation = Libc.Add)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_change, what);
        BinaryPrimitives.WriteInt32LittleEndian(_change.AsSpan(DataAt), fd);
        fixed (byte* change = _change)
            Libc.Checked(Libc.epoll_ctl(_epoll, operation, fd, change), nameof(Libc.epoll_ctl));
    }

    /// <summary>Waits for the next events and hands each to <paramref name="ready"/>.</summary>
    public void Wait(int milliseconds, Action<int, int> ready)
    {
        int count;
        fixed (byte* events = _events)
            count = Libc.epoll_wait(_epoll, events, Most, milliseconds);
        for (var i = 0; i < count; i++)
        {
            var one = _events.AsSpan(i * (DataAt + 8));
            ready(BinaryPrimitives.ReadInt32LittleEndian(one[DataAt..]), BinaryPrimitives.ReadInt32LittleEndian(one));
        }
    }
}
