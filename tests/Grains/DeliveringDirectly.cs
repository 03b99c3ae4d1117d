using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.State;
using Connections.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Connections.Grains.Tests;

/// <summary>A front that connects to its silo gets its batches there, and loses and doubles nothing when that breaks.</summary>
public sealed class DeliveringDirectly
{
    private const string User = "alice";

    // But for the one with which a connection begins: what asks is not a beat.
    private const string NoBeats = "Connection:Heartbeat=00:01:00";

    private static readonly string[] Several = [User, .. Enumerable.Range(1, 15).Select(n => $"user-{n}")];

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
    public async Task Messages_of_several_users_cost_fewer_answers_than_batches_and_none_comes_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = gateway.Front();
        using var direct = await ConnectAsync(gateway, front, Several);

        var asked = 0;
        foreach (var user in Several)
        {
            await gateway.Backend.PushAsync(user, "first");
            Assert.Equal("first", (await direct.FrameAsync(user)).Text());
            asked += direct.IsAsked ? 1 : 0;
            await direct.AnswerAsync();
        }

        // The thread writes what the kernel may not take at once, and waits: with that answer all are settled, and what is not comes through Orleans.
        await gateway.Backend.PushAsync(User, new string('x', 64 << 10));
        await direct.FrameAsync(User);
        await direct.AnswerAsync();
        direct.Dispose();
        await gateway.Backend.PushAsync(User, "last");
        await front.GetsAsync(User, f => f.Text() == "last");

        Assert.InRange(asked, 1, Several.Length / 2);
        Assert.Equal(["last"], Several.SelectMany(front.Frames).Where(f => f.Kind is FrameKind.Text).Select(f => f.Text()));
    }

    [Fact]
    public async Task A_second_message_of_a_user_whose_first_one_has_no_answer_asks_for_it_and_comes_after_it()
    {
        await using var gateway = await TestGateway.StartAsync(NoBeats);
        var front = gateway.Front();
        using var direct = await ConnectAsync(gateway, front, User);
        var open = await UnaskedAsync(gateway, direct, User);

        await gateway.Backend.PushAsync(User, "second");
        var question = await direct.ReadAsync();
        var asks = direct.IsAsked;
        await direct.AnswerAsync();
        var second = await direct.FrameAsync(User);

        Assert.Equal((true, 0), (asks, question.Runs.Length));
        Assert.Equal(("second", open.Frames[^1].Offset + 1), (second.Text(), second.Offset));
    }

    [Fact]
    public async Task What_the_front_does_not_know_of_batches_that_did_not_ask_ends_with_the_next_answer()
    {
        await using var gateway = await TestGateway.StartAsync(NoBeats);
        var front = gateway.Front();
        using var direct = await ConnectAsync(gateway, front, User, "bob");
        var open = await UnaskedAsync(gateway, direct, User);
        await gateway.Backend.PushAsync("bob", "does not ask either");
        await direct.FrameAsync("bob");
        Assert.False(direct.IsAsked);

        await gateway.Backend.PushAsync("bob", "asks");
        await direct.ReadAsync();
        await direct.AnswerAsync(open.AttachId);

        await gateway.StateIsAsync(User, s => s.Fronts == 0, "the attachment has ended");
        await gateway.StateIsAsync("bob", s => s.Fronts == 1, "the other has not");
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

    // Connects, with users whose upstreams are open.
    private static async Task<DirectFront> ConnectAsync(TestGateway gateway, TestFront front, params string[] users)
    {
        var reply = await front.AttachAsync(users[0]);
        foreach (var user in users[1..])
            await front.AttachAsync(user);
        foreach (var user in users)
            await Eventually.HoldsAsync(() => front.Frames(user).Count > 0 && front.State(user)?.Upstream is UpstreamStatus.Open, "the upstream is open");
        var direct = await DirectFront.ConnectAsync(reply, reply.Direct!.Key, front.Id, Serializer(gateway));
        await direct.HeartbeatAsync();
        return direct;
    }

    // Messages until there is one that did not ask: the first ones may still be the thread's, which asks always.
    private static async Task<FeedRun> UnaskedAsync(TestGateway gateway, DirectFront direct, string user)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            await gateway.Backend.PushAsync(user, "first");
            var run = (await direct.NextAsync()).Runs.Single();
            if (!direct.IsAsked && run.Frames.Length > 0)
                return run;
            await direct.AnswerAsync();
        }

        throw new InvalidOperationException("Every batch asked.");
    }

    private static Serializer Serializer(TestGateway gateway) => gateway.Client.ServiceProvider.GetRequiredService<Serializer>();
}
