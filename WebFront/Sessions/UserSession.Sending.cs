using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Sessions;

/// <summary>What its tabs send: within their rate, in order, each answered with its receipt.</summary>
internal sealed partial class UserSession
{
    /// <summary>How fast each of its tabs may send.</summary>
    public RateLimitOptions SendLimit => _services.Options.SendLimit;

    /// <summary>
    /// Hands a tab's message to the upstream, in order with those of the user's other tabs here. Who sends faster than allowed is answered a moment later:
    /// the ways in read a tab's next message after that, and what it goes on sending stays in its own kernel, at no cost here.
    /// </summary>
    /// <param name="tab">Who sends; it is told the final receipt when the answer is "queued".</param>
    /// <param name="message">The message.</param>
    public async Task<Receipt> SendAsync(Tab tab, OutgoingMessage message)
    {
        var isInTime = tab.MaySend(message.Payload.Length);
        var receipt = await HandOverAsync(tab, message, isInTime);
        if (!isInTime || receipt is { Status: ReceiptStatus.Rejected, Reason: ReceiptReason.Rate })
            await Task.Delay(Tab.RatePause, _time);
        return receipt;
    }

    private async Task<Receipt> HandOverAsync(Tab tab, OutgoingMessage message, bool isInTime)
    {
        if (!OutboxMessageId.TryParse(message.Id, out _))
            return new Receipt(message.Id, ReceiptStatus.Rejected, ReceiptReason.BadId);
        if (message.Payload.Length > _services.Options.MaxMessageBytes)
            message = message with { Payload = [], TooLarge = true };
        else if (!isInTime)
            message = message with { Payload = [], TooFast = true };
        tab.Receipts.Sends(message.Id);
        TabMetrics.Took(tab.Kind, message.Payload.Length);
        var attachment = Interlocked.Read(ref _attachId);
        var answer = tab.Receipts.Answered(await SendTrace.AroundAsync(tab.Kind, message, _sends.SendAsync));

        // What was pushed to an attachment that has ended meanwhile never came here.
        if (answer.Status is ReceiptStatus.Queued && attachment != Interlocked.Read(ref _attachId))
            AskForReceipts([message.Id]);
        return answer;
    }
}
