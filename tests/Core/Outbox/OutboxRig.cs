using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>An outbox with a fake clock: <c>rig.Send("a")</c> offers client a's next message.</summary>
internal sealed class OutboxRig
{
    private readonly Dictionary<string, long> _sequences = [];

    public OutboxRig(OutboxOptions? options = null)
    {
        Options = options ?? new();
        Outbox = new(Options, Clock);
        Outbox.Settled += Settled.Add;
    }

    public OutboxOptions Options { get; }

    public FakeTimeProvider Clock { get; } = new();

    public Outbox Outbox { get; private set; }

    public List<OutboxReceipt> Settled { get; } = [];

    public static OutboxMessage Message(
        string client, long sequence, int bytes = 1, OutboxDelivery delivery = OutboxDelivery.AtMostOnce) =>
        new(new(client, sequence), new byte[bytes], true, delivery);

    public static OutboxReceipt Receipt(string client, long sequence, OutboxStatus status) => new(new(client, sequence), new(status));

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public OutboxAnswer Offer(string client, long sequence) => Outbox.Offer(Message(client, sequence));

    /// <summary>Offers the client's next message and says what became of it.</summary>
    public OutboxVerdict Send(
        string client = "a",
        int bytes = 1,
        OutboxDelivery delivery = OutboxDelivery.AtMostOnce,
        OutboxRejection refusal = OutboxRejection.None)
    {
        var sequence = _sequences[client] = _sequences.GetValueOrDefault(client) + 1;
        var answer = Outbox.Offer(Message(client, sequence, bytes, delivery), refusal);
        Assert.Equal((OutboxAnswerKind.New, null), (answer.Kind, answer.Expected));
        Assert.Equal(new(client, sequence), answer.Receipt!.Value.Id);
        return answer.Receipt.Value.Verdict;
    }

    public void Send(int times)
    {
        for (; times > 0; times--) Assert.Equal(new(OutboxStatus.Queued), Send());
    }

    public OutboxHandover Take()
    {
        Assert.True(Outbox.TryTake(out var handover));
        return handover;
    }

    /// <summary>Takes and sends everything that waits, and says what that was.</summary>
    public List<string> Flush()
    {
        var sent = new List<string>();
        while (Outbox.TryTake(out var handover))
        {
            sent.Add(handover.Message.Id.ToString());
            Assert.True(Outbox.MarkSent(handover));
        }

        return sent;
    }

    /// <summary>The process ends and another one restores what was stored.</summary>
    public void Restart(double secondsDown = 0)
    {
        var stored = Outbox.Save();
        Wait(secondsDown);
        Outbox = new(Options, Clock, stored);
        Outbox.Settled += Settled.Add;
    }
}
