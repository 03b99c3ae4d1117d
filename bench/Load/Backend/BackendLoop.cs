using Connections.Load.Wire;

namespace Connections.Load.Backend;

/// <summary>
/// A backend that costs little: one thread takes dials, answers pings, and sends each user's messages at an even pace to every connection
/// of the user. Used by that thread alone, but for <see cref="Post"/>.
/// </summary>
internal sealed class BackendLoop
{
    // The clock is looked at that often: a backend that cannot keep up ends in time, and says that it made less.
    private const int MostAtOnce = 256;

    private readonly System.Collections.Concurrent.ConcurrentQueue<Action> _posted = [];
    private readonly Poll _poll = new();
    private readonly Dictionary<int, Upstream> _upstreams = [];
    private readonly List<User> _users = [];
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly byte[] _frame = new byte[(1 << 20) + SocketFrame.LongestHead];
    private readonly int _listener;
    private readonly TimeProvider _time = TimeProvider.System;
    private Pace? _pace;
    private bool _late;
    private long _awayUntil;

    public BackendLoop()
    {
        (_listener, Port) = Libc.Listen();
        _poll.Watch(_listener, Libc.In);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>When it was dialled.</summary>
    public Dials Dials { get; } = new();

    /// <summary>Connections now.</summary>
    public int Connections => _users.Sum(u => u.Upstreams.Count);

    /// <summary>Has the thread do something.</summary>
    public void Post(Action action) => _posted.Enqueue(action);

    /// <summary>Runs for ever.</summary>
    public void Run()
    {
        while (true)
        {
            _poll.Wait(_pace is null ? 10 : _late ? 0 : 1, Ready);
            while (_posted.TryDequeue(out var action))
                action();
            if (_pace is { } pace)
                KeepUp(pace);
        }
    }

    /// <summary>Cuts all connections, and turns away who dials until the time is over.</summary>
    public void BeAway(TimeSpan time)
    {
        _awayUntil = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        foreach (var upstream in _upstreams.Values.ToArray())
            End(upstream);
    }

    /// <summary>Says to every connection that it is open.</summary>
    public void Greet(int size)
    {
        foreach (var user in _users)
            Send(user, number: 0, size);
    }

    /// <summary>Sends messages from now on, to one user after the other.</summary>
    public void Begin(Pace pace)
    {
        foreach (var user in _users)
            user.Sent = 0;
        _pace = pace;
    }

    private void KeepUp(Pace pace)
    {
        var elapsed = _time.GetElapsedTime(pace.Began).TotalSeconds;
        var due = Math.Min((long)(Math.Min(elapsed, pace.Seconds) * pace.PerSecond), pace.Made + MostAtOnce);
        for (; pace.Made < due && !IsBehind(_users[(int)(pace.Made % pace.Users)]); pace.Made++)
        {
            var user = _users[(int)(pace.Made % pace.Users)];
            Send(user, ++user.Sent, pace.Size);
        }

        _late = pace.Made == due && due < (long)(elapsed * pace.PerSecond);
        if (elapsed < pace.Seconds)
            return;
        _pace = null;
        pace.Ended(pace.Made);
    }

    private static bool IsBehind(User user)
    {
        foreach (var upstream in user.Upstreams)
        {
            if (upstream.IsBehind)
                return true;
        }

        return false;
    }

    private void Send(User user, long number, int size)
    {
        Span<byte> message = stackalloc byte[Math.Min(size, 4_096)];
        Message.Write(message, number, _time.GetTimestamp());
        var length = SocketFrame.Write(_frame, SocketFrame.Text, message, fromClient: false);
        for (var i = user.Upstreams.Count - 1; i >= 0; i--)
        {
            if (!user.Upstreams[i].Send(_frame.AsSpan(0, length)))
                End(user.Upstreams[i]);
        }
    }

    private void Ready(int fd, int what)
    {
        if (fd == _listener)
        {
            for (int accepted; (accepted = Libc.Accept(_listener)) >= 0;)
            {
                Dials.Add();
                if (_time.GetTimestamp() < _awayUntil)
                {
                    Libc.Close(accepted);
                    continue;
                }

                _upstreams[accepted] = new Upstream(accepted, _poll);
                _poll.Watch(accepted, Libc.In);
            }
        }
        else if (_upstreams.TryGetValue(fd, out var upstream))
        {
            if ((what & Libc.Out) != 0)
                upstream.Flush();
            if ((what & ~Libc.Out) != 0)
                Read(upstream);
        }
    }

    private void Read(Upstream upstream)
    {
        var kept = upstream.Rest.Length;
        upstream.Rest.CopyTo(_buffer, 0);
        upstream.Rest = [];
        var read = Libc.Receive(upstream.Fd, _buffer.AsSpan(kept));
        if (read <= 0)
        {
            End(upstream);
            return;
        }

        var bytes = _buffer.AsSpan(0, kept + read);
        bytes = upstream.User < 0 ? Open(upstream, bytes) : Take(upstream, bytes);
        if (!bytes.IsEmpty)
            upstream.Rest = bytes.ToArray();
    }

    private Span<byte> Open(Upstream upstream, Span<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return bytes;
        (upstream.User, var answer) = Handshake.Read(bytes[..(end + 2)]);
        while (_users.Count <= upstream.User)
            _users.Add(new User());
        _users[upstream.User].Upstreams.Add(upstream);
        upstream.Send(answer);
        return bytes[(end + 4)..];
    }

    private Span<byte> Take(Upstream upstream, Span<byte> bytes)
    {
        while (SocketFrame.TryRead(bytes, out var frame))
        {
            if (frame.Opcode is SocketFrame.Ping or SocketFrame.Close)
            {
                var opcode = frame.Opcode is SocketFrame.Ping ? SocketFrame.Pong : SocketFrame.Close;
                var length = SocketFrame.Write(_frame, opcode, bytes.Slice(frame.Head, frame.Length), fromClient: false);
                upstream.Send(_frame.AsSpan(0, length));
            }

            bytes = bytes[frame.Size..];
        }

        return bytes;
    }

    private void End(Upstream upstream)
    {
        _upstreams.Remove(upstream.Fd);
        if (upstream.User >= 0)
            _users[upstream.User].Upstreams.Remove(upstream);
        Libc.Close(upstream.Fd);
    }

    private sealed class User
    {
        public List<Upstream> Upstreams { get; } = [];

        public long Sent { get; set; }
    }
}
