namespace Connections.Core.Tests;

public sealed class RestartingAnOutbox
{
    private readonly OutboxRig _rig = new();

    [Fact]
    public void Messages_and_their_order_stay()
    {
        foreach (var client in "abacab") _rig.Send($"{client}", bytes: 10);
        _rig.Restart();

        Assert.Equal((6, 60, 0), (_rig.Outbox.Count, _rig.Outbox.Bytes, _rig.Outbox.UnderWay));
        Assert.Equal(["a:1", "b:1", "a:2", "c:1", "a:3", "b:2"], _rig.Flush());
    }

    [Fact]
    public void The_time_that_is_left_stays()
    {
        _rig.Send();
        _rig.Wait(20);
        _rig.Restart(secondsDown: 30);
        Assert.Equal(TimeSpan.FromSeconds(10), _rig.Outbox.NextExpiry);

        _rig.Restart(secondsDown: 30);
        Assert.False(_rig.Outbox.TryTake(out _));
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Expired)], _rig.Settled);
    }

    [Fact]
    public void Another_machines_clock_makes_no_message_wait_longer()
    {
        _rig.Send();
        var stored = _rig.Outbox.Save();
        stored = stored with { Messages = [stored.Messages[0] with { AcceptedAt = _rig.Clock.GetUtcNow().AddHours(1) }] };

        Assert.Equal(TimeSpan.FromSeconds(60), new Outbox(_rig.Options, _rig.Clock, stored).NextExpiry);
    }

    [Fact]
    public void What_was_under_way_is_as_if_the_upstream_had_died()
    {
        _rig.Send();
        _rig.Send(delivery: OutboxDelivery.AtLeastOnce);
        _rig.Send();
        _rig.Take();
        _rig.Take();
        _rig.Restart();
        Assert.Equal(2, _rig.Outbox.UnderWay);

        _rig.Outbox.UpstreamLost();
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Unknown)], _rig.Settled);
        _rig.Restart();
        Assert.Equal(
            [OutboxProgress.WaitingAgain, OutboxProgress.Waiting],
            _rig.Outbox.Save().Messages.Select(message => message.Progress));
        _rig.Wait(60);
        _rig.Outbox.Expire();
        Assert.Equal([OutboxStatus.Unknown, OutboxStatus.Unknown, OutboxStatus.Expired], _rig.Settled.Select(r => r.Verdict.Status));
    }

    [Fact]
    public void Answers_and_the_expected_ids_stay()
    {
        for (var i = 0; i < 300; i++) _rig.Send(refusal: OutboxRejection.Rate);
        _rig.Send("b");
        _rig.Restart();

        Assert.Equal(new(OutboxStatus.Unknown), _rig.Offer("a", 44).Receipt!.Value.Verdict);
        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.Rate), _rig.Offer("a", 45).Receipt!.Value.Verdict);
        Assert.Equal(301, _rig.Offer("a", 400).Expected);
        Assert.Equal(new(OutboxStatus.Queued), _rig.Offer("b", 1).Receipt!.Value.Verdict);
    }

    [Fact]
    public void The_order_in_which_clients_are_forgotten_stays()
    {
        for (var i = 0; i < 64; i++) _rig.Send($"c{i}", refusal: OutboxRejection.Rate);
        _rig.Offer("c0", 1);
        _rig.Restart();
        _rig.Send("one-more");

        Assert.Equal(1, _rig.Offer("c1", 2).Expected);
        Assert.Equal(2, _rig.Offer("c0", 3).Expected);
    }

    [Fact]
    public void A_client_whose_messages_wait_is_not_forgotten_after_it_either()
    {
        _rig.Send("waits");
        _rig.Restart();
        for (var i = 0; i < 100; i++) _rig.Send($"c{i}", refusal: OutboxRejection.Rate);

        Assert.Equal(2, _rig.Offer("waits", 9).Expected);
    }

    [Fact]
    public void Fewer_remembered_answers_than_were_stored_keep_the_last_ones()
    {
        for (var i = 0; i < 20; i++) _rig.Send(refusal: i < 18 ? OutboxRejection.Rate : OutboxRejection.BreakerOpen);
        _rig.Options.MaxReceiptsPerClient = 3;
        _rig.Restart();

        var answers = Enumerable.Range(17, 4).Select(sequence => _rig.Offer("a", sequence).Receipt!.Value.Verdict.Rejection);
        Assert.Equal([OutboxRejection.None, OutboxRejection.Rate, OutboxRejection.BreakerOpen, OutboxRejection.BreakerOpen], answers);
    }

    [Fact]
    public void A_message_of_nobody_is_refused()
    {
        _rig.Send();
        var stored = _rig.Outbox.Save() with { Clients = [] };

        Assert.Throws<ArgumentException>(() => new Outbox(_rig.Options, _rig.Clock, stored));
    }
}
