using System.Buffers.Binary;
using System.Text;
using Connections.Load.Wire;
using HdrHistogram;

namespace Connections.Load.Tabs;

/// <summary>All tabs of a run, on one thread of their own. Its figures may be read at any time, the tabs only between runs.</summary>
internal sealed class TabSet : IDisposable
{
    private const int PortsOfAnAddress = 20_000;
    private const long LongestMicroseconds = 60_000_000;

    private readonly Poll _poll = new();
    private readonly Dictionary<int, Tab> _tabs = [];
    private readonly List<Tab> _all = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Queue<(int User, int Port)> _toDial = [];
    private readonly Speech _speech;
    private readonly int _dialling;
    private readonly int _firstAddress;
    private readonly Thread _thread;
    private volatile bool _stop;
    private volatile Exception? _failure;
    private int _dialled;
    private int _opened;
    private int _greeted;
    private int _lost;
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;

    /// <summary>Begins.</summary>
    /// <param name="speech">How they connect.</param>
    /// <param name="dialling">The most that open at once.</param>
    /// <param name="firstAddress">Where their addresses begin: the last number of 127.0.0.x.</param>
    public TabSet(Speech speech, int dialling, int firstAddress = 1)
    {
        (_speech, _dialling, _firstAddress) = (speech, dialling, firstAddress);
        _thread = new Thread(Run) { IsBackground = true, Name = "tabs" };
    }

    /// <summary>How many are open.</summary>
    public int OpenNow => Volatile.Read(ref _opened) - Volatile.Read(ref _lost);

    /// <summary>How many had a greeting.</summary>
    public int GreetedNow => Volatile.Read(ref _greeted);

    /// <summary>How many lost their line.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>The code and the words of the last close that a tab was told; null without any.</summary>
    public string? LastClose { get; private set; }

    /// <summary>When the last one opened, by the machine's monotonic clock.</summary>
    public long LastOpened { get; private set; }

    /// <summary>How long messages took that were made in the time measured, in microseconds.</summary>
    public LongHistogram Latency { get; private set; } = NewHistogram();

    /// <summary>The tabs, ended ones too; complete once all are open.</summary>
    public IReadOnlyList<Tab> All => _all;

    /// <summary>Adds a tab; none is dialled before <see cref="Open"/>.</summary>
    public void Add(int user, int port) => _toDial.Enqueue((user, port));

    /// <summary>Opens all that were added.</summary>
    public void Open() => _thread.Start();

    /// <summary>Counts anew. Nothing may be on its way.</summary>
    public void Start()
    {
        _all.ForEach(t => t.Start());
        Latency = NewHistogram();
        Interlocked.Exchange(ref _to, long.MaxValue);
        Interlocked.Exchange(ref _from, long.MaxValue);
    }

    /// <summary>Measures the messages made in a time.</summary>
    public void Measure(long from, long to)
    {
        Interlocked.Exchange(ref _to, to);
        Interlocked.Exchange(ref _from, from);
    }

    /// <summary>A message came.</summary>
    public void Arrived(long madeAt, long at)
    {
        if (madeAt >= _from && madeAt < _to)
            Latency.RecordValue(Math.Clamp((long)TimeProvider.System.GetElapsedTime(madeAt, at).TotalMicroseconds, 1, LongestMicroseconds));
    }

    /// <summary>A tab opened.</summary>
    public void Opened(long at)
    {
        LastOpened = at;
        Interlocked.Increment(ref _opened);
    }

    /// <summary>A tab was told to close: with a code of two bytes and words, if it is told why.</summary>
    public void Closed(ReadOnlySpan<byte> payload)
    {
        if (payload.Length >= 2)
            LastClose = FormattableString.Invariant($"{BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}");
    }

    /// <summary>A tab was greeted.</summary>
    public void Greeted() => Interlocked.Increment(ref _greeted);

    /// <summary>From now on only what comes anew counts as a greeting. Nothing may be on its way.</summary>
    public void ForgetGreetings()
    {
        _all.ForEach(t => t.ForgetGreeting());
        Volatile.Write(ref _greeted, 0);
    }

    /// <summary>Throws what went wrong on the tabs' thread.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new IOException($"The tabs failed: {failure.Message}", failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop = true;
        if (_thread.ThreadState != ThreadState.Unstarted)
            _thread.Join();
        foreach (var tab in _tabs.Values)
            Libc.Close(tab.Fd);
        _tabs.Clear();
    }

    private static LongHistogram NewHistogram() => new(LongestMicroseconds, 3);

    private void Run()
    {
        try
        {
            while (!_stop)
            {
                while (_toDial.Count > 0 && _dialled - _opened < _dialling)
                    Dial(_toDial.Dequeue());
                _poll.Wait(10, Ready);
            }
        }
        catch (IOException e)
        {
            _failure = e;
        }
    }

    private void Dial((int User, int Port) tab)
    {
        var fd = Libc.Socket();
        Libc.Bind(fd, (byte)(_firstAddress + (_dialled / PortsOfAnAddress)));
        _all.Add(_tabs[fd] = new Tab(fd, tab.User, _speech.Protocol, Request(tab.User, tab.Port), this));
        Libc.Connect(fd, tab.Port);
        _poll.Watch(fd, Libc.In | Libc.Out);
        _dialled++;
    }

    private void Ready(int fd, int what)
    {
        if (!_tabs.TryGetValue(fd, out var tab))
            return;
        if ((what & Libc.Out) != 0)
        {
            tab.Connected();
            _poll.Watch(fd, Libc.In, Libc.Modify);
        }

        if ((what & ~Libc.Out) == 0 || tab.Read(_buffer))
            return;
        if (!tab.IsOpen)
            throw new IOException($"A tab of u{tab.User} was turned away.");
        _tabs.Remove(fd);
        Libc.Close(fd);
        Interlocked.Increment(ref _lost);
    }

    private byte[] Request(int user, int port)
    {
        var protocol = _speech.Protocol.SubProtocol is { } name ? $"Sec-WebSocket-Protocol: {name}\r\n" : "";
        return Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"GET {_speech.Path(user)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"));
    }
}
