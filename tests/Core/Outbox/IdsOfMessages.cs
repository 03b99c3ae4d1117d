namespace Connections.Core.Tests;

public sealed class IdsOfMessages
{
    private readonly OutboxRig _rig = new();

    [Fact]
    public void A_repeated_id_gets_the_stored_answer_and_is_not_sent_again()
    {
        _rig.Send(3);
        _rig.Outbox.MarkSent(_rig.Take());
        _rig.Take();
        _rig.Outbox.UpstreamLost();

        OutboxStatus[] expected = [OutboxStatus.Sent, OutboxStatus.Unknown, OutboxStatus.Queued];
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            Assert.Equal(
                new(OutboxAnswerKind.Repeated, OutboxRig.Receipt("a", sequence, expected[sequence - 1]), null),
                _rig.Offer("a", sequence));
        }

        Assert.Equal(["a:3"], _rig.Flush());
    }

    [Fact]
    public void An_answer_can_be_recalled_without_sending_anything()
    {
        _rig.Send(2);
        _rig.Outbox.MarkSent(_rig.Take());

        Assert.Equal(OutboxRig.Receipt("a", 1, OutboxStatus.Sent), _rig.Outbox.Recall(new("a", 1)));
        Assert.Equal(OutboxRig.Receipt("a", 2, OutboxStatus.Queued), _rig.Outbox.Recall(new("a", 2)));
        Assert.Null(_rig.Outbox.Recall(new("a", 3)));
        Assert.Null(_rig.Outbox.Recall(new("b", 1)));
        Assert.Equal(1, _rig.Outbox.Count);
        Assert.Equal(1, _rig.Outbox.Clients);
    }

    [Fact]
    public void A_skipped_id_is_answered_with_the_expected_one()
    {
        _rig.Send(2);

        Assert.Equal(new(OutboxAnswerKind.Skipped, null, 3), _rig.Offer("a", 4));
        Assert.Equal(2, _rig.Outbox.Count);
        Assert.Equal(OutboxAnswerKind.New, _rig.Offer("a", 3).Kind);
    }

    [Fact]
    public void An_unknown_client_begins_with_one()
    {
        Assert.Equal(new(OutboxAnswerKind.Skipped, null, 1), _rig.Offer("new", 17));
        Assert.Equal(0, _rig.Outbox.Clients);
        Assert.Equal(OutboxAnswerKind.New, _rig.Offer("new", 1).Kind);
    }

    [Fact]
    public void Answers_are_remembered_for_the_last_256_messages()
    {
        for (var i = 0; i < 300; i++)
        {
            _rig.Send();
            _rig.Flush();
        }

        Assert.Equal(new(OutboxStatus.Unknown), _rig.Offer("a", 44).Receipt!.Value.Verdict);
        Assert.Equal(new(OutboxStatus.Sent), _rig.Offer("a", 45).Receipt!.Value.Verdict);
        Assert.Equal(new(OutboxStatus.Sent), _rig.Offer("a", 300).Receipt!.Value.Verdict);
    }

    [Fact]
    public void A_message_that_waits_is_known_however_old_it_is()
    {
        _rig.Send();
        for (var i = 0; i < 300; i++) _rig.Send(refusal: OutboxRejection.Rate);
        Assert.Equal(new(OutboxStatus.Queued), _rig.Offer("a", 1).Receipt!.Value.Verdict);

        _rig.Flush();
        Assert.Equal(new(OutboxStatus.Unknown), _rig.Offer("a", 1).Receipt!.Value.Verdict);
    }

    [Fact]
    public void The_least_recently_heard_of_client_is_forgotten()
    {
        for (var i = 0; i < 64; i++) _rig.Send($"c{i}", refusal: OutboxRejection.Rate);
        _rig.Offer("c0", 1);
        _rig.Send("one-more");

        Assert.Equal(64, _rig.Outbox.Clients);
        Assert.Equal(OutboxAnswerKind.Repeated, _rig.Offer("c0", 1).Kind);
        Assert.Equal(1, _rig.Offer("c1", 2).Expected);
        Assert.Equal(2, _rig.Offer("c2", 3).Expected);
    }

    [Fact]
    public void A_client_whose_messages_wait_is_never_forgotten()
    {
        _rig.Send("waits");
        for (var i = 0; i < 500; i++) _rig.Send($"c{i}", refusal: OutboxRejection.Rate);
        Assert.Equal(OutboxAnswerKind.Repeated, _rig.Offer("waits", 1).Kind);

        _rig.Flush();
        for (var i = 0; i < 64; i++) _rig.Send($"d{i}", refusal: OutboxRejection.Rate);
        Assert.Equal(1, _rig.Offer("waits", 2).Expected);
    }

    [Fact]
    public void If_all_clients_have_something_waiting_the_messages_are_the_bound()
    {
        for (var i = 0; i < 1_000; i++) _rig.Send($"c{i}");

        Assert.Equal(257, _rig.Outbox.Clients);
    }

    [Theory]
    [InlineData("a:1", "a", 1)]
    [InlineData("k3f9_-Z:9223372036854775807", "k3f9_-Z", long.MaxValue)]
    public void An_id_is_read_as_it_is_written(string text, string client, long sequence)
    {
        Assert.True(OutboxMessageId.TryParse(text, out var id));
        Assert.Equal(new(client, sequence), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData(":1")]
    [InlineData("a:0")]
    [InlineData("a:01")]
    [InlineData("a:-1")]
    [InlineData("a:+1")]
    [InlineData("a: 1")]
    [InlineData("a:1 ")]
    [InlineData("a:1:2")]
    [InlineData("a b:1")]
    [InlineData("ä:1")]
    [InlineData("a:9223372036854775808")]
    [InlineData("a:1\0")]
    public void What_is_no_id_is_refused(string? text)
    {
        Assert.False(OutboxMessageId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void A_clients_name_has_64_characters_at_most()
    {
        Assert.True(OutboxMessageId.TryParse(new string('x', 64) + ":1", out _));
        Assert.False(OutboxMessageId.TryParse(new string('x', 65) + ":1", out _));
    }

    [Fact]
    public void An_id_that_no_client_could_have_written_is_the_callers_fault()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _rig.Offer("a", 0));
        Assert.Throws<ArgumentException>(() => _rig.Offer("", 1));
        Assert.Throws<ArgumentNullException>(() => _rig.Outbox.Offer(new(default, default)));
    }
}
