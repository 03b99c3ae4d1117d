using System.Runtime.InteropServices;

namespace Connections.Load.Wire;

/// <summary>The system calls of the generator and its backend: one call a read or a write, and none of a runtime's machinery around it.</summary>
internal static partial class Libc
{
    public const int In = 0x1;
    public const int Out = 0x4;
    public const int Add = 1;
    public const int Modify = 3;
    public const int Again = 11;
    public const int InProgress = 115;
    public const int NoSignal = 0x4000;

    private const int Inet = 2;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int Ip = 0;
    private const int BindAddressNoPort = 24;
    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int Backlog = 4_096;

    /// <summary>A TCP socket that never waits.</summary>
    public static int Socket()
    {
        var fd = Checked(socket(Inet, Stream | NonBlocking, 0), nameof(socket));
        SetNoDelay(fd);
        return fd;
    }

    /// <summary>Sends small writes at once.</summary>
    public static void SetNoDelay(int fd) => Checked(setsockopt(fd, Tcp, NoDelay, 1, sizeof(int)), nameof(setsockopt));

    /// <summary>A socket that listens on 127.0.0.1.</summary>
    /// <returns>The socket and the port that it got.</returns>
    public static (int Fd, int Port) Listen()
    {
        var fd = Socket();
        Checked(bind(fd, Address(1, 0), 16), nameof(bind));
        Checked(listen(fd, Backlog), nameof(listen));
        var address = new byte[16];
        var length = address.Length;
        Checked(getsockname(fd, address, ref length), nameof(getsockname));
        return (fd, (address[2] << 8) | address[3]);
    }

    /// <summary>Takes a connection, or -1 when none waits.</summary>
    public static int Accept(int fd)
    {
        var accepted = accept4(fd, 0, 0, NonBlocking);
        if (accepted >= 0)
            SetNoDelay(accepted);
        return accepted;
    }

    /// <summary>
    /// Gives a socket an address of its own: each has 28,000 ports to one destination. The port is chosen when it connects: a search without
    /// the destination would have to leave out the thousands of ports of connections that have just ended, and takes seconds at its end.
    /// </summary>
    /// <param name="fd">The socket.</param>
    /// <param name="host">The last number of 127.0.0.x.</param>
    public static void Bind(int fd, byte host)
    {
        Checked(setsockopt(fd, Ip, BindAddressNoPort, 1, sizeof(int)), nameof(setsockopt));
        Checked(bind(fd, Address(host, 0), 16), nameof(bind));
    }

    /// <summary>Begins to connect to a port of 127.0.0.1.</summary>
    public static void Connect(int fd, int port)
    {
        if (connect(fd, Address(1, port), 16) != 0 && Marshal.GetLastPInvokeError() is not InProgress)
            Checked(-1, nameof(connect));
    }

    /// <summary>Reads what is there: the bytes, 0 at the end of the stream, -1 with <see cref="Marshal.GetLastPInvokeError"/> otherwise.</summary>
    public static unsafe int Receive(int fd, Span<byte> into)
    {
        fixed (byte* first = into)
            return (int)recv(fd, first, (nuint)into.Length, 0);
    }

    /// <summary>Writes what fits: the bytes, -1 with <see cref="Marshal.GetLastPInvokeError"/> otherwise.</summary>
    public static unsafe int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            return (int)send(fd, first, (nuint)bytes.Length, NoSignal);
    }

    /// <summary>Throws what a failed call left behind.</summary>
    public static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    private static byte[] Address(byte host, int port) => [Inet, 0, (byte)(port >> 8), (byte)port, 127, 0, 0, host, 0, 0, 0, 0, 0, 0, 0, 0];

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setsockopt(int fd, int level, int name, in int value, int length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int bind(int fd, byte[] address, int length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int listen(int fd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getsockname(int fd, byte[] address, ref int length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int accept4(int fd, nint address, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int connect(int fd, byte[] address, int length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint recv(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint send(int fd, byte* buffer, nuint length, int flags);

    /// <summary>Ends a socket.</summary>
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int fd);

    /// <summary>Sends a signal to a process.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static unsafe partial int epoll_ctl(int epoll, int operation, int fd, byte* change);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static unsafe partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);
}
