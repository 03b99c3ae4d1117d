using BenchmarkDotNet.Attributes;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.RawSocket;
using Connections.WebFront.Sessions;

namespace Connections.Micro;

/// <summary>One message from the run that brings it to all tabs of the user on a front: each tab has its cursor, all share the bytes.</summary>
public class FanOut
{
    private readonly SessionLog _log = new(new ReplayWindow());
    private FramePosition[] _cursors = [];
    private long _top;

    /// <summary>The user's tabs.</summary>
    [Params(1, 4, 16)]
    public int Tabs { get; set; }

    /// <summary>Begins the log.</summary>
    [GlobalSetup]
    public void Begin()
    {
        _log.Apply(new ReadReply { Epoch = Payloads.Epoch, First = 1, Top = 0, Refusal = Refusal.None, Frames = [] });
        _cursors = [.. Enumerable.Repeat(new FramePosition(Payloads.Epoch, 0), Tabs)];
    }

    /// <summary>A message comes and each tab takes it.</summary>
    [Benchmark]
    public int Deliver()
    {
        _log.Apply(new FeedRun { UserId = "alice", AttachId = 1, Generation = 1, Epoch = Payloads.Epoch, Frames = Payloads.Frames(1, _top++) });
        var bytes = 0;
        foreach (ref var cursor in _cursors.AsSpan())
        {
            var range = _log.Read(cursor, resetVersion: 0, stateVersion: 0, Tabs).Range!;
            bytes += range.Encoded(FrameRange.Encoding.Envelope, EnvelopeWriter.Encode).Framed.Length;
            cursor = range.End;
        }

        return bytes;
    }
}
