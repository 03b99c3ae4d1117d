using System.Collections.Concurrent;
using Connections.Core;
using Connections.Grains.Abstractions.Streams;
using Connections.Testing;
using Orleans.Streams;

namespace Connections.Grains.Tests;

/// <summary>The inbox, through which a service in the cluster pushes to a user, and the events, through which it hears of them.</summary>
public sealed class PushingThroughStreams
{
    private const string User = "alice";

    [Fact]
    public async Task The_inbox_pushes_to_a_user_beside_the_upstream()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);

        await Inbox(gateway).OnNextAsync(InboxMessage.FromText("from a service"));
        var frame = await front.GetsAsync(User, f => f.Text() == "from a service");

        Assert.Equal((FrameKind.Text, 2), (frame.Kind, frame.Offset));
        Assert.Equal((1, 1, 1), await gateway.Backend.UserAsync(User));
    }

    [Fact]
    public async Task The_inbox_pushes_to_a_user_without_an_upstream_configured()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Url=");
        var front = gateway.Front();
        await front.AttachAsync(User);

        await Inbox(gateway).OnNextAsync(new InboxMessage(false, [1, 2, 3]));
        var frame = await front.GetsAsync(User, f => f.Kind is FrameKind.Binary);

        Assert.Equal(1, frame.Offset);
        Assert.Equal([1, 2, 3], frame.Payload.ToArray());
    }

    [Fact]
    public async Task A_push_to_a_user_whom_nobody_attached_waits_in_the_window_and_dials_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();

        await Inbox(gateway).OnNextAsync(InboxMessage.FromText("while you were away"));
        var state = await gateway.StateIsAsync(User, s => s.Top == 1, "the push is in the log");
        var dials = await gateway.Backend.DialsAsync();
        var reply = await gateway.Front().AttachAsync(User, new FramePosition(state.Epoch, 0));

        Assert.Equal(["while you were away"], reply.Read.Frames.Take(1).Select(f => f.Text()));
        Assert.Equal(0, dials);
    }

    [Fact]
    public async Task The_events_tell_of_upstreams_and_breakers()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:StableAfter=00:00:30");
        var events = new ConcurrentQueue<ConnectionEvent>();
        var stream = gateway.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<ConnectionEvent>(StreamId.Create(StreamNames.Events, StreamNames.EventsKey));
        await stream.SubscribeAsync((e, _) =>
        {
            events.Enqueue(e);
            return Task.CompletedTask;
        });

        await gateway.OpenAsync(User);
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        await gateway.Backend.DropAsync(User);
        await Eventually.HoldsAsync(
            () => events.Any(e => e.Kind is ConnectionEventKind.BreakerChanged), "the breaker's event has come", seen: gateway.Log.ToString);

        Assert.Equal(
            [ConnectionEventKind.FrontAttached, ConnectionEventKind.UpstreamOpened, ConnectionEventKind.UpstreamClosed, ConnectionEventKind.BreakerChanged],
            events.Select(e => e.Kind));
        Assert.All(events, e => Assert.Equal(User, e.UserId));
        Assert.Contains("\"by\":\"network\"", events.ElementAt(2).Detail, StringComparison.Ordinal);
        Assert.Contains("Closed -> Open", events.ElementAt(3).Detail, StringComparison.Ordinal);
    }

    private static IAsyncStream<InboxMessage> Inbox(TestGateway gateway) =>
        gateway.Client.GetStreamProvider(StreamNames.Provider).GetStream<InboxMessage>(StreamId.Create(StreamNames.Inbox, User));
}
