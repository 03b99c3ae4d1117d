using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Connections.Grains.Tests;

/// <summary>A front that connects to its silo gets its batches there, and loses and doubles nothing when that breaks.</summary>
public sealed class DeliveringDirectly
{
    private const string User = "alice";

    [Fact]
    public async Task Batches_come_over_the_connection_and_through_Orleans_once_it_breaks()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = gateway.Front();
        var reply = await front.AttachAsync(User);
        await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened);
        using var direct = await DirectFront.ConnectAsync(reply, reply.Direct!.Key, front.Id, Serializer(gateway));
        await direct.HeartbeatAsync();

        await gateway.SendAsync(User, "!burst 100");
        var there = await direct.TakeUntilAsync(101);
        await gateway.SendAsync(User, "!burst 50");
        var unanswered = (await direct.NextAsync()).Runs.Single().Frames;
        direct.Dispose();
        await front.GetsAsync(User, f => f.Offset == 151);

        Assert.Equal(Enumerable.Range(2, 100), there.Select(f => (int)f.Offset));
        Assert.Equal(102, unanswered[0].Offset);
        Assert.Equal([1, .. Enumerable.Range(102, 50)], front.Frames(User).Select(f => (int)f.Offset).Distinct());
    }

    [Fact]
    public async Task A_stranger_who_does_not_know_the_key_is_turned_away()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = gateway.Front();
        var reply = await front.AttachAsync(User);

        using var stranger = await DirectFront.ConnectAsync(reply, new byte[DirectWire.KeyBytes], front.Id, Serializer(gateway));

        Assert.True(await stranger.IsClosedAsync());
        await gateway.SendAsync(User, "!burst 10");
        await front.GetsAsync(User, f => f.Offset == 11);
    }

    [Fact]
    public async Task A_front_that_speaks_an_earlier_version_gets_its_batches_through_Orleans()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = gateway.Front();
        var reply = await front.AttachAsync(User);
        var hello = DirectWire.Hello(reply.Direct!.Key, front.Id);
        hello[DirectWire.LengthBytes]--;

        using var earlier = await DirectFront.ConnectAsync(reply, hello, Serializer(gateway));

        Assert.True(await earlier.IsClosedAsync());
        await gateway.SendAsync(User, "!burst 10");
        await front.GetsAsync(User, f => f.Offset == 11);
    }

    [Fact]
    public async Task A_run_says_over_the_wire_what_it_says_here()
    {
        await using var gateway = await TestGateway.StartAsync();
        var serializer = Serializer(gateway);
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        var frames = new FeedRun
        {
            UserId = "bob",
            AttachId = 7,
            Generation = 3,
            Epoch = ulong.MaxValue,
            Frames = [new Frame(4, FrameKind.Binary, new byte[] { 1, 2, 3 }, 1_790_000_000_000), new Frame(5, FrameKind.Text, Array.Empty<byte>(), 0)],
        };
        var released = new FeedRun { UserId = "carol", AttachId = 8, Generation = 4, Epoch = 1, Frames = [], Released = true };

        DirectWire.Write(writer, new FrameBatch { Silo = "s", Sequence = 9, Runs = [frames, released] }, asks: true, serializer);
        var read = DirectWire.ReadBatch(writer.WrittenSpan[DirectWire.LengthBytes..], "s", serializer, out var asks);

        Assert.Equal((9, 2, true), (read.Sequence, read.Runs.Length, asks));
        Assert.Equal(("bob", 7, 3, ulong.MaxValue), (read.Runs[0].UserId, read.Runs[0].AttachId, read.Runs[0].Generation, read.Runs[0].Epoch));
        Assert.Equal(
            frames.Frames.Select(f => (f.Offset, f.Kind, f.At, Convert.ToHexString(f.Payload.Span))),
            read.Runs[0].Frames.Select(f => (f.Offset, f.Kind, f.At, Convert.ToHexString(f.Payload.Span))));
        Assert.True(read.Runs[1] is { UserId: "carol", Released: true });
    }

    private static Serializer Serializer(TestGateway gateway) => gateway.Client.ServiceProvider.GetRequiredService<Serializer>();
}
