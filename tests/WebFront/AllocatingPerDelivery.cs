using System.Net.WebSockets;
using System.Text;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Hub;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Connections.WebFront.RawSocket;
using Connections.WebFront.Sessions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Tests;

/// <summary>
/// What a front allocates for one message to one of its user's four tabs, from the run that brings it to the bytes for the wire. Times vary
/// from machine to machine, allocations do not: the bounds are what was measured and a tenth more.
/// </summary>
public sealed class AllocatingPerDelivery
{
    private const int Tabs = 4;
    private const int Messages = 2_000;
    private const ulong Epoch = 0x00c3_a1f0_9b7d_2e44;

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes(new string('x', 200));
    private static readonly JsonHubProtocol Json = new();
    private static readonly MessagePackHubProtocol MessagePack = new(Options.Create(new MessagePackHubProtocolOptions()));

    [Fact]
    public void Verbatim_frames_allocate_nothing_of_their_own() =>
        Assert.InRange(PerDelivery((TabSocket socket) => new Verbatim(socket).Write), 1, 28);

    [Fact]
    public void Envelopes_are_encoded_once_for_all_tabs() =>
        Assert.InRange(PerDelivery((TabSocket socket) => new Envelopes(socket).Write), 1, 132);

    [Theory]
    [InlineData("json", 194)]
    [InlineData("messagepack", 180)]
    public void Hub_messages_are_encoded_once_for_all_tabs(string protocol, long most) =>
        Assert.InRange(
            PerDelivery((Line line) => new OverHub(line, protocol == "json" ? Json : MessagePack).Write),
            1,
            most);

    private static long PerDelivery(Func<TabSocket, Action<FrameRange>> writer) => PerDelivery((Line line) => writer(Socket(line)));

    private static long PerDelivery(Func<Line, Action<FrameRange>> writer)
    {
        var log = new SessionLog(new ReplayWindow { MaxFrames = 100 });
        log.Apply(new ReadReply { Epoch = Epoch, First = 1, Top = 0, Refusal = Refusal.None, Frames = [] });
        using var wire = new LoopbackLines();
        var tabs = Enumerable.Range(0, Tabs).Select(_ => new Reader(writer(wire.Open()))).ToArray();
        var runs = Enumerable.Range(1, 2 * Messages).Select(Run).ToArray();
        Deliver(log, tabs, runs.AsSpan(0, Messages), wire);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Deliver(log, tabs, runs.AsSpan(Messages), wire);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (Messages * Tabs);
    }

    private static void Deliver(SessionLog log, Reader[] tabs, ReadOnlySpan<FeedRun> runs, LoopbackLines wire)
    {
        foreach (var run in runs)
        {
            log.Apply(run);
            foreach (var tab in tabs)
                tab.ReadOn(log);
            wire.Drain();
        }
    }

    private static FeedRun Run(int offset) => new()
    {
        UserId = "alice",
        AttachId = 1,
        Generation = 1,
        Epoch = Epoch,
        Frames = [new Frame(offset, FrameKind.Text, Payload, 1_790_000_000_000 + offset)],
    };

    private static TabSocket Socket(Line line) =>
        new(WebSocket.CreateFromStream(line, new WebSocketCreationOptions { IsServer = true }), line, 1 << 20, TimeProvider.System);

    private sealed class Reader(Action<FrameRange> write)
    {
        private FramePosition _cursor = new(Epoch, 0);

        public void ReadOn(SessionLog log)
        {
            var range = log.Read(_cursor, log.ResetVersion, log.StateVersion, Tabs).Range!;
            write(range);
            _cursor = range.End;
        }
    }

    private sealed class Verbatim(TabSocket socket)
    {
        public void Write(FrameRange range) => Done(socket.WriteFramesAsync(VerbatimFrames.Of(range)));
    }

    private sealed class Envelopes(TabSocket socket)
    {
        private readonly EnvelopeWriter _writer = new(socket, TimeProvider.System);

        public void Write(FrameRange range) => Done(_writer.WriteFramesAsync(range.Epoch, null, range));
    }

    // As SignalR's connection writes what is encoded already.
    private sealed class OverHub(Line line, IHubProtocol protocol)
    {
        private readonly HubLine _line = new(
            WebSocket.CreateFromStream(line, new WebSocketCreationOptions { IsServer = true }), line, new Caller(default, null, null), TimeProvider.System);

        public void Write(FrameRange range) =>
            Done(WriteAsync(range.Encoded(FrameRange.Encoding.Hub, HubTabWriter.Encode).GetSerializedMessage(protocol)));

        private async ValueTask WriteAsync(ReadOnlyMemory<byte> message) => await _line.Output.WriteAsync(message);
    }

    private static void Done(ValueTask write) =>
        Assert.True(write.IsCompletedSuccessfully, "Nothing waits here: what another thread allocates would not be counted.");
}
