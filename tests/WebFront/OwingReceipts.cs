using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Tests;

/// <summary>A tab is told the end of each message that waited, once, whatever order its answer and its notices come in.</summary>
public sealed class OwingReceipts
{
    private readonly TabReceipts _receipts = new();

    [Fact]
    public void A_message_that_waited_is_owed_one_notice_and_no_second()
    {
        _receipts.Sends("c:1");
        Assert.Equal(Queued("c:1"), _receipts.Answered(Queued("c:1")));
        Assert.Equal(["c:1"], _receipts.Waiting);

        Assert.True(_receipts.Offer(Sent("c:1")));
        Assert.False(_receipts.Offer(Sent("c:1")));

        Assert.True(_receipts.TryTake(out var told));
        Assert.Equal(Sent("c:1"), told);
        Assert.False(_receipts.TryTake(out _));
        Assert.Empty(_receipts.Waiting);
    }

    [Fact]
    public void A_notice_that_overtakes_its_answer_is_the_answer()
    {
        _receipts.Sends("c:1");

        Assert.False(_receipts.Offer(Sent("c:1")));
        Assert.Equal(Sent("c:1"), _receipts.Answered(Queued("c:1")));
        Assert.False(_receipts.Offer(Sent("c:1")));
        Assert.Empty(_receipts.Waiting);
    }

    [Fact]
    public void Who_got_a_final_answer_is_owed_nothing()
    {
        _receipts.Sends("c:1");
        _receipts.Answered(Sent("c:1"));

        Assert.False(_receipts.Offer(Sent("c:1")));
        Assert.Empty(_receipts.Waiting);
    }

    [Fact]
    public void Another_tabs_message_is_not_told_unless_its_client_is_watched()
    {
        Assert.False(_receipts.Offer(Sent("c:1")));

        _receipts.Watches("c");

        Assert.True(_receipts.Offer(Sent("c:2")));
        Assert.False(_receipts.Offer(Sent("d:1")));
    }

    private static Receipt Queued(string id) => new(id, ReceiptStatus.Queued);

    private static Receipt Sent(string id) => new(id, ReceiptStatus.Sent);
}
