using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery;

namespace Connections.HotPath.Silo;

/// <summary>Makes messages at a steady pace and gives each to the way that is open.</summary>
internal sealed class ProducerGrain(Feeds feeds, FrontLinks links, TimeProvider time) : Grain, IProducerGrain
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    private ISender _sender = new NoSender();
    private int _users;

    /// <inheritdoc/>
    public Task Open(Way way, int users, IFrontSink sink, IReceiver receiver)
    {
        _users = users;
        _sender = way switch
        {
            Way.Link => new LinkSender(feeds, links, sink, users, time),
            Way.CallPerMessage => new QueuedSender(users, (_, message) => receiver.Receive(message)),
            Way.Stream or Way.FastStream => StreamSender(users),
            _ => new NoSender(),
        };
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> Make(int run, int perSecond, long from, long to) =>
        Task.Run(() => MakeAsync(_sender, run, perSecond, from, to)); // Not on this activation's scheduler: a socket's thread is not either.

    private async Task<int> MakeAsync(ISender sender, int run, int perSecond, long from, long to)
    {
        var started = time.GetTimestamp();
        var counted = 0;
        for (long made = 0; time.GetTimestamp() < to; await Task.Delay(Pace, time))
        {
            for (var due = (long)(time.GetElapsedTime(started).TotalSeconds * perSecond); made < due; made++)
            {
                var message = new Message(run, (int)(made % _users), (made / _users) + 1, time.GetTimestamp());
                sender.Send(message.User, message.Write());
                if (message.MadeAt >= from && message.MadeAt < to)
                    counted++;
            }
        }

        return counted;
    }

    private QueuedSender StreamSender(int users)
    {
        var streams = Array.ConvertAll([.. Enumerable.Range(0, users)], u => this.GetStreamProvider(Names.StreamProvider).GetStream<byte[]>(Names.Stream(u)));
        return new QueuedSender(users, (user, message) => streams[user].OnNextAsync(message));
    }
}
