namespace Connections.Core.Tests;

public sealed class LosingTheUpstream
{
    private readonly OutboxRig _rig = new();

    [Fact]
    public void At_most_once_a_message_under_way_is_unknown_and_not_sent_again()
    {
        _rig.Send(2);
        _rig.Take();
        _rig.Outbox.UpstreamLost();

        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Unknown)], _rig.Settled);
        Assert.Equal(["a:2"], _rig.Flush());
    }

    [Fact]
    public void At_least_once_it_goes_back_to_the_head()
    {
        foreach (var client in "abc") _rig.Send($"{client}", delivery: OutboxDelivery.AtLeastOnce);
        _rig.Take();
        _rig.Take();
        _rig.Outbox.UpstreamLost();

        Assert.Empty(_rig.Settled);
        Assert.Equal((3, 0), (_rig.Outbox.Count, _rig.Outbox.UnderWay));
        Assert.Equal(["a:1", "b:1", "c:1"], _rig.Flush());
    }

    [Fact]
    public void Proven_messages_stay_sent_and_the_others_keep_their_order()
    {
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        _rig.Send();
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        _rig.Send();
        var all = new[] { _rig.Take(), _rig.Take(), _rig.Take(), _rig.Take() };
        _rig.Outbox.MarkSent(all[1]);
        _rig.Outbox.UpstreamLost();

        Assert.Equal([OutboxRig.Receipt("a", 2, OutboxStatus.Sent), OutboxRig.Receipt("a", 4, OutboxStatus.Unknown)], _rig.Settled);
        Assert.Equal(["a:1", "a:3"], _rig.Flush());
    }

    [Fact]
    public void Proof_that_comes_after_the_loss_changes_nothing()
    {
        _rig.Send();
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        var (first, second) = (_rig.Take(), _rig.Take());
        _rig.Outbox.UpstreamLost();
        Assert.False(_rig.Outbox.MarkSent(first));
        Assert.False(_rig.Outbox.MarkSent(second));

        var again = _rig.Take();
        Assert.False(_rig.Outbox.MarkSent(second));
        Assert.False(_rig.Outbox.PutBack(second));
        Assert.Equal(1, _rig.Outbox.UnderWay);
        Assert.True(_rig.Outbox.MarkSent(again));
        Assert.False(_rig.Outbox.MarkSent(again));
        Assert.False(_rig.Outbox.MarkSent(default));
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Unknown), OutboxRig.Receipt("a", 2, OutboxStatus.Sent)], _rig.Settled);
    }

    [Fact]
    public void A_message_that_never_reached_the_socket_waits_again_where_it_was()
    {
        _rig.Send(3);
        var first = _rig.Take();
        _rig.Take();
        Assert.True(_rig.Outbox.PutBack(first));
        _rig.Outbox.UpstreamLost();

        Assert.Equal([OutboxRig.Receipt("a", 2, OutboxStatus.Unknown)], _rig.Settled);
        Assert.Equal(["a:1", "a:3"], _rig.Flush());
    }

    [Fact]
    public void What_may_have_arrived_and_then_waits_too_long_is_unknown()
    {
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        var lost = _rig.Take();
        _rig.Outbox.UpstreamLost();
        _rig.Outbox.PutBack(_rig.Take());
        Assert.Equal(lost.Message, _rig.Take().Message);
        _rig.Outbox.UpstreamLost();
        _rig.Wait(60);
        _rig.Outbox.Expire();

        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Unknown), OutboxRig.Receipt("a", 2, OutboxStatus.Expired)], _rig.Settled);
    }

    [Fact]
    public void A_hand_over_that_never_was_settles_nothing()
    {
        _rig.Send();

        Assert.False(_rig.Outbox.MarkSent(default));
        Assert.False(_rig.Outbox.PutBack(default));
        Assert.Equal((1, 0), (_rig.Outbox.Count, _rig.Outbox.UnderWay));
    }

    [Fact]
    public void Losing_it_with_nothing_under_way_changes_nothing()
    {
        _rig.Send(2);
        _rig.Outbox.UpstreamLost();

        Assert.Empty(_rig.Settled);
        Assert.Equal(2, _rig.Outbox.Count);
    }
}
