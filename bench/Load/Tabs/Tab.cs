using System.Diagnostics;
using System.Runtime.InteropServices;
using Connections.Load.Wire;

namespace Connections.Load.Tabs;

/// <summary>One tab: connects, opens, and counts what comes. Owns no buffer but for what is cut in the middle.</summary>
internal sealed class Tab(int fd, int user, Protocol protocol, ReadOnlyMemory<byte> request, TabSet tabs)
{
    private byte[] _rest = [];
    private byte[] _parts = [];
    private Sequence _sequence;
    private bool _asked;
    private bool _upgraded;
    private bool _saidNext;

    /// <summary>Its socket.</summary>
    public int Fd => fd;

    /// <summary>Whose.</summary>
    public int User => user;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether a greeting came: what the backend sends from now on must come too.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>What came since the last start.</summary>
    public Sequence Sequence => _sequence;

    /// <summary>Counts anew.</summary>
    public void Start() => _sequence = default;

    /// <summary>It waits for a greeting again.</summary>
    public void ForgetGreeting() => IsGreeted = false;

    /// <summary>The connection stands: asks for a WebSocket.</summary>
    public void Connected()
    {
        if (_asked)
            return;
        _asked = true;
        Say(request.Span);
    }

    /// <summary>There is something to read.</summary>
    /// <returns>False when the line has ended.</returns>
    public bool Read(Span<byte> buffer)
    {
        var kept = _rest.Length;
        _rest.CopyTo(buffer);
        var read = Libc.Receive(fd, buffer[kept..]);
        if (read <= 0)
            return read < 0 && Marshal.GetLastPInvokeError() == Libc.Again;
        var bytes = buffer[..(kept + read)];
        var at = Stopwatch.GetTimestamp();
        if (!_upgraded)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                if (!bytes.StartsWith("HTTP/1.1 101"u8))
                    throw new IOException($"Not a WebSocket: {System.Text.Encoding.ASCII.GetString(bytes[..end])}");
                _upgraded = true;
                bytes = bytes[(end + 4)..];
                if (protocol.First is { } first)
                    SayFrame(SocketFrame.Text, first);
                else
                    Opened(at);
            }
        }

        while (_upgraded && SocketFrame.TryRead(bytes, out var frame))
        {
            if (!Take(frame, bytes.Slice(frame.Head, frame.Length), at))
                return false;
            bytes = bytes[frame.Size..];
        }

        _rest = bytes.IsEmpty ? [] : bytes.ToArray();
        return true;
    }

    private bool Take(SocketFrame frame, ReadOnlySpan<byte> payload, long at)
    {
        switch (frame.Opcode)
        {
            case SocketFrame.Ping:
                SayFrame(SocketFrame.Pong, payload);
                return true;
            case SocketFrame.Pong:
                return true;
            case SocketFrame.Close:
                tabs.Closed(payload);
                return false;
            default:
                if (!frame.IsLast || _parts.Length > 0)
                    _parts = [.. _parts, .. payload];
                if (!frame.IsLast)
                    return true;
                Take(_parts.Length > 0 ? _parts : payload, at);
                _parts = [];
                return true;
        }
    }

    private void Take(ReadOnlySpan<byte> message, long at)
    {
        if (!IsOpen)
            Answered(message, at);
        else if (message.SequenceEqual(Protocol.HubPing))
            SayFrame(SocketFrame.Text, Protocol.HubPing);
        while (Message.TryFind(ref message, out var number, out var madeAt))
        {
            if (number > 0)
            {
                _sequence.Add(number);
                tabs.Arrived(madeAt, at);
            }
            else if (!IsGreeted)
            {
                IsGreeted = true;
                tabs.Greeted();
            }
        }
    }

    private void Answered(ReadOnlySpan<byte> message, long at)
    {
        if (protocol.Next is { } next && !_saidNext && message.IndexOf(Protocol.HubWelcome) >= 0)
        {
            _saidNext = true;
            SayFrame(SocketFrame.Text, next);
        }
        else if (message.IndexOf(protocol.Opened) >= 0)
        {
            Opened(at);
        }
    }

    private void Opened(long at)
    {
        IsOpen = true;
        tabs.Opened(at);
    }

    private void SayFrame(byte opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[payload.Length + SocketFrame.LongestHead];
        Say(frame[..SocketFrame.Write(frame, opcode, payload, fromClient: true)]);
    }

    // What a tab says is short and seldom: it fits into the socket's buffer.
    private void Say(ReadOnlySpan<byte> bytes)
    {
        if (Libc.Send(fd, bytes) is var sent && sent != bytes.Length)
            throw new IOException($"A tab could say {sent} of {bytes.Length} bytes.");
    }
}
