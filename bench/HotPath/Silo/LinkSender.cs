using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery;

namespace Connections.HotPath.Silo;

/// <summary>Appends to the users' feeds, which one link to the front empties: the product's own classes, wired as the users' grain wires them.</summary>
internal sealed class LinkSender : ISender
{
    private const ulong Epoch = 1;
    private const string FrontId = "hot-path";

    private readonly TimeProvider _time;
    private readonly UserFeed[] _users;

    public LinkSender(Feeds feeds, FrontLinks links, IFrontSink sink, int users, TimeProvider time)
    {
        _time = time;
        _users = new UserFeed[users];
        for (var i = 0; i < users; i++)
        {
            _users[i] = feeds.Open(Names.User(i), new FramePosition(Epoch, 0));
            _users[i].Generation = 1;
            _users[i].Subscribe(new FeedSubscription(_users[i], links.To(FrontId, sink), attachId: i + 1) { Tabs = 1 }, null);
        }
    }

    /// <inheritdoc/>
    public void Send(int user, byte[] message) => _users[user].Append(FrameKind.Binary, message, _time.GetUtcNow().ToUnixTimeMilliseconds());
}
