using System.Net;
using System.Net.Sockets;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery;
using Connections.Grains.Delivery.Direct;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;

namespace Connections.Grains.Tests;

/// <summary>
/// What a silo allocates for one message, from the upstream's bytes to the front's connection. The bound is what was measured and a tenth more, beside the one copy of the
/// payload that is on its way; times vary from machine to machine, allocations do not.
/// </summary>
public sealed class AllocatingPerMessage
{
    private const string Silo = "silo/1";
    private const int Users = 50;
    private const int Messages = 2_000;
    private const int Rounds = 5;
    private const int Bytes = 200;
    private const long OneCopy = Bytes + ArrayHead;
    private const long Least = 200 + OneCopy;
    private const long Most = 334 + OneCopy;

    // On 64-bit .NET: lock word, type and length.
    private const long ArrayHead = 24;

    private static readonly byte[] Payload = new byte[Bytes];

    [Fact]
    public async Task A_message_that_is_written_where_it_comes_allocates_little_beside_itself()
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var front = await DirectFront.ConnectAsync(listener.LocalEndPoint!, Silo, serializer);
        await using var link = new FrontLink("front", new NoSink(), Silo, TimeSpan.FromMinutes(1), null!, TimeProvider.System, NullLogger.Instance);
        var feeds = Enumerable.Range(0, Users).Select(n => Feed(link, n)).ToArray();
        var accepted = listener.Accept();
        accepted.NoDelay = true;
        Assert.True(link.Use(new DirectLine(accepted, serializer)));
        await front.HeartbeatAsync();

        // The compiler may take its time, and a message that the link's thread writes is not seen here: far too little is as wrong as too much.
        List<long> bytes = [];
        for (var round = 0; round < Rounds; round++)
            bytes.Add(await DeliverAsync(feeds, front) / Messages);

        Assert.InRange(bytes.Min(), Least, Most);
    }

    private static UserFeed Feed(FrontLink link, int number)
    {
        var feed = new UserFeed($"user-{number}", new ReplayLog(new ReplayWindow { MaxFrames = 10 }, epoch: 1));
        feed.Subscribe(new FeedSubscription(feed, link, attachId: number + 1), null);
        return feed;
    }

    // What is allocated where a message is brought; the front's part is not counted.
    private static async Task<long> DeliverAsync(UserFeed[] feeds, DirectFront front)
    {
        var sum = 0L;
        for (var message = 0; message < Messages; message++)
        {
            sum += AllocatedBy(feeds[message % Users], message);
            await front.NextAsync();
            await front.AnswerAsync();
        }

        return sum;
    }

    private static long AllocatedBy(UserFeed feed, long at)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        feed.Append(FrameKind.Text, Payload, at);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Nothing goes through Orleans here.
    private sealed class NoSink : IFrontSink
    {
        public Task<BatchAck> Deliver(FrameBatch batch) => throw new NotSupportedException();
    }
}
