using System.Globalization;
using System.Text;
using Connections.Grains.Abstractions.Sending;

namespace Connections.Grains.Tests;

/// <summary>Some tabs of one user that send at random, each message with its number as its text, and every answer they got.</summary>
internal sealed class MessageHistory(TestGateway gateway, TestFront front, string user, int messages, Random random)
{
    private const int MaxBatch = 16;
    private const int TooLarge = 2_000;
    private const string AtLeastOnce = "again";

    private static readonly string[] Clients = ["one", "two", AtLeastOnce];

    private readonly Dictionary<string, long> _next = [];
    private readonly Dictionary<string, Receipt> _answers = [];

    /// <summary>Whose.</summary>
    public string User => user;

    /// <summary>How many messages were sent so far.</summary>
    public int Sent => _answers.Count;

    /// <summary>The answer that each message got at once.</summary>
    public IReadOnlyDictionary<string, Receipt> Answers => _answers;

    /// <summary>Whether a message may arrive twice.</summary>
    public static bool MayRepeat(string id) => id.StartsWith(AtLeastOnce, StringComparison.Ordinal);

    /// <summary>Sends everything, a few at a time, and now and then asks again about one as a tab does that is not sure.</summary>
    public async Task SendAllAsync(TimeSpan longestPause)
    {
        while (_answers.Count < messages)
        {
            var batch = Enumerable.Range(0, Math.Min(random.Next(1, MaxBatch + 1), messages - _answers.Count)).Select(_ => Next()).ToArray();
            foreach (var receipt in await gateway.User(user).Send(batch))
                _answers.Add(receipt.Id, receipt);
            if (random.Next(4) == 0)
                await AskAgainAsync(batch[^1]);
            await Task.Delay(longestPause * random.NextDouble(), TimeProvider.System);
        }
    }

    /// <summary>Whether each message has a final status.</summary>
    public bool IsSettled()
    {
        var late = front.Receipts(user).Select(r => r.Id).ToHashSet();
        return _answers.Values.All(a => a.Status is not ReceiptStatus.Queued || late.Contains(a.Id));
    }

    /// <summary>The final status of each message; throws unless each has exactly one.</summary>
    public Dictionary<string, ReceiptStatus> Finals()
    {
        var final = _answers.Values.Where(a => a.Status is not ReceiptStatus.Queued).ToDictionary(a => a.Id, a => a.Status);
        foreach (var late in front.Receipts(user))
        {
            Assert.NotEqual(ReceiptStatus.Queued, late.Status);
            Assert.True(final.TryAdd(late.Id, late.Status), $"{user}: {late} came, but the message was {final.GetValueOrDefault(late.Id)} already");
        }

        Assert.Equal(_answers.Count, final.Count);
        return final;
    }

    private OutgoingMessage Next()
    {
        var client = Clients[random.Next(Clients.Length)];
        var sequence = _next[client] = _next.GetValueOrDefault(client) + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"{client}:{sequence}");
        var text = random.Next(100) == 0 ? id.PadRight(TooLarge) : id;
        return new OutgoingMessage(id, true, Encoding.UTF8.GetBytes(text), MayRepeat(id));
    }

    // The stored answer: a final status never changes, and one that waited may have ended meanwhile.
    private async Task AskAgainAsync(OutgoingMessage message)
    {
        var again = Assert.Single(await gateway.User(user).Send([message]));
        if (_answers[message.Id].Status is not ReceiptStatus.Queued)
            Assert.Equal((message.Id, _answers[message.Id].Status), (again.Id, again.Status));
        else if (again.Status is not ReceiptStatus.Queued)
            Assert.Equal(again.Status, await LateAsync(message.Id));
    }

    private async Task<ReceiptStatus> LateAsync(string id)
    {
        await Testing.Eventually.HoldsAsync(() => front.Receipts(user).Any(r => r.Id == id), $"the late receipt of {id} comes");
        return front.Receipts(user).First(r => r.Id == id).Status;
    }
}
