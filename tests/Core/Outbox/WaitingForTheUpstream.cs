using System.ComponentModel.DataAnnotations;

namespace Connections.Core.Tests;

public sealed class WaitingForTheUpstream
{
    private readonly OutboxRig _rig = new();

    [Fact]
    public void Messages_leave_in_the_order_in_which_they_came()
    {
        foreach (var client in "abacab") _rig.Send($"{client}");
        Assert.Equal(6, _rig.Outbox.Count);

        Assert.Equal(["a:1", "b:1", "a:2", "c:1", "a:3", "b:2"], _rig.Flush());
        Assert.All(_rig.Settled, receipt => Assert.Equal(OutboxStatus.Sent, receipt.Verdict.Status));
        Assert.Equal((0, 0, 0), (_rig.Outbox.Count, _rig.Outbox.Bytes, _rig.Outbox.UnderWay));
        Assert.False(_rig.Outbox.TryTake(out _));
    }

    [Fact]
    public void A_full_outbox_rejects_the_new_message_and_keeps_the_old_ones()
    {
        _rig.Send(256);
        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.QueueFull), _rig.Send());
        Assert.Equal(256, _rig.Outbox.Count);

        _rig.Outbox.MarkSent(_rig.Take());
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send());
    }

    [Fact]
    public void Bytes_are_bounded_too_and_to_the_last_one()
    {
        _rig.Send(bytes: 200_000);
        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.QueueFull), _rig.Send(bytes: 62_145));
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send(bytes: 62_144));
        Assert.Equal(262_144, _rig.Outbox.Bytes);
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send(bytes: 0));
    }

    [Fact]
    public void What_is_under_way_still_takes_its_room()
    {
        _rig.Send(256);
        _rig.Take();

        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.QueueFull), _rig.Send());
    }

    [Fact]
    public void A_message_larger_than_any_may_be_is_too_large_even_if_there_is_room()
    {
        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.TooLarge), _rig.Send(bytes: 262_145));
        _rig.Options.MaxMessageBytes = 10;
        Assert.Equal(new(OutboxStatus.Rejected, OutboxRejection.TooLarge), _rig.Send(bytes: 11));
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send(bytes: 10));
    }

    [Theory]
    [InlineData(OutboxRejection.Rate)]
    [InlineData(OutboxRejection.BreakerOpen)]
    public void The_callers_own_refusal_uses_the_id_up_and_is_remembered(OutboxRejection refusal)
    {
        Assert.Equal(new(OutboxStatus.Rejected, refusal), _rig.Send(refusal: refusal));

        Assert.Equal(new(OutboxStatus.Rejected, refusal), _rig.Offer("a", 1).Receipt!.Value.Verdict);
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send());
        Assert.Empty(_rig.Settled);
    }

    [Fact]
    public void A_message_that_waits_too_long_expires()
    {
        _rig.Send();
        _rig.Wait(59.999);
        _rig.Send();
        _rig.Outbox.Expire();
        Assert.Equal(TimeSpan.FromMilliseconds(1), _rig.Outbox.NextExpiry);
        Assert.Empty(_rig.Settled);

        _rig.Wait(0.001);
        Assert.Equal(TimeSpan.Zero, _rig.Outbox.NextExpiry);
        _rig.Outbox.Expire();
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Expired)], _rig.Settled);
        Assert.Equal((1, 1), (_rig.Outbox.Count, _rig.Outbox.Bytes));
        _rig.Wait(600);
        Assert.Equal(TimeSpan.Zero, _rig.Outbox.NextExpiry);
    }

    [Fact]
    public void The_next_to_expire_is_the_first_that_waits_and_not_one_under_way()
    {
        _rig.Send();
        _rig.Take();
        _rig.Wait(10);
        _rig.Send();

        Assert.Equal(TimeSpan.FromSeconds(60), _rig.Outbox.NextExpiry);
    }

    [Fact]
    public void An_expired_message_is_not_taken_and_makes_room_without_a_timer()
    {
        _rig.Send(256);
        _rig.Wait(60);
        Assert.Equal(new(OutboxStatus.Queued), _rig.Send());
        Assert.Equal(256, _rig.Settled.Count);

        _rig.Wait(60);
        Assert.False(_rig.Outbox.TryTake(out _));
        Assert.Equal(257, _rig.Settled.Count);
    }

    [Fact]
    public void A_message_under_way_does_not_expire()
    {
        _rig.Send();
        var handover = _rig.Take();
        Assert.Null(_rig.Outbox.NextExpiry);
        _rig.Wait(600);
        _rig.Outbox.Expire();

        Assert.True(_rig.Outbox.MarkSent(handover));
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Sent)], _rig.Settled);
    }

    [Fact]
    public void A_handler_may_offer_the_next_message()
    {
        _rig.Send(2);
        _rig.Outbox.Settled += receipt =>
        {
            if (receipt.Id.Sequence < 4) _rig.Send();
        };

        Assert.Equal(["a:1", "a:2", "a:3", "a:4", "a:5"], _rig.Flush());
    }

    [Fact]
    public void The_defaults_are_those_of_the_design_and_valid()
    {
        var options = new OutboxOptions();
        Validator.ValidateObject(options, new(options), validateAllProperties: true);

        Assert.Equal((256, 262_144, 60), (options.MaxMessages, options.MaxBytes, options.TimeToLive.TotalSeconds));
        Assert.Equal((256, 64), (options.MaxReceiptsPerClient, options.MaxClients));
        options.MaxBytes--;
        Assert.Throws<ValidationException>(() => Validator.ValidateObject(options, new(options), validateAllProperties: true));
    }
}
