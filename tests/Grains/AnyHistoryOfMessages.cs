using System.Globalization;
using Connections.Grains.Abstractions.Sending;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>
/// Fifty thousand messages under random faults, with an outbox so small that it overflows and messages expire: each has exactly one final
/// status, and the backend's own list agrees with it.
/// </summary>
public sealed class AnyHistoryOfMessages(ITestOutputHelper output)
{
    private const int Users = 100;
    private const int MessagesPerUser = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestFault = TimeSpan.FromMilliseconds(700);

    // A message counts as sent when the kernel took it. Where no line is cut, the backend gets all of those; where lines are cut, it may
    // lack what was on its way, and nothing else may be wrong.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_message_has_exactly_one_final_status_and_the_backend_agrees(bool linesAreCut)
    {
        var seed = Environment.TickCount;
        await using var gateway = await TestGateway.StartAsync(
            "Outbox:MaxMessages=24",
            "Outbox:MaxMessageBytes=1024",
            "Outbox:TimeToLive=00:00:00.400",
            "Upstream:ConnectTimeout=00:00:00.300",
            "Upstream:StableAfter=00:00:00.050",
            "Upstream:Breaker:BreakDuration=00:00:00.500",
            "Upstream:Breaker:MaxBreakDuration=00:00:01",
            "Upstream:Health:BreakDuration=00:00:00.300",
            "Upstream:Health:MaxBreakDuration=00:00:00.300",
            "Backend:CloseGrace=00:01:00");
        var histories = new List<MessageHistory>();
        for (var i = 0; i < Users; i++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"user-{i}");
            histories.Add(new MessageHistory(gateway, await gateway.OpenAsync(user), user, MessagesPerUser, new Random(seed + i)));
        }

        using var done = new CancellationTokenSource();
        var faults = PlayFaultsAsync(gateway, linesAreCut, new Random(seed), done.Token);
        await Task.WhenAll(histories.Select(h => h.SendAllAsync(LongestPause)));
        await done.CancelAsync();
        var played = await faults;
        await gateway.Backend.HealAsync();
        await Eventually.HoldsAsync(() => histories.All(h => h.IsSettled()), "every message is settled", TimeSpan.FromSeconds(30));

        var counts = new Dictionary<ReceiptStatus, int>();
        var lost = 0;
        foreach (var history in histories)
        {
            var finals = history.Finals();
            foreach (var status in finals.Values)
                counts[status] = counts.GetValueOrDefault(status) + 1;
            if (!linesAreCut)
                await AllSentHaveArrivedAsync(gateway, history.User, finals);
            lost += CompareWithTheBackend(history.User, finals, await gateway.Backend.ReceivedAsync(history.User));
        }

        output.WriteLine($"seed {seed}: {string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}"))}; {played} faults; {lost} sent ones cut off on their way");
        Assert.Equal(Users * MessagesPerUser, counts.Values.Sum());
        Assert.All(
            [ReceiptStatus.Sent, ReceiptStatus.Rejected, ReceiptStatus.Expired], s => Assert.True(counts.GetValueOrDefault(s) > 100, $"hardly any was {s}"));
        if (!linesAreCut)
            Assert.Equal(0, lost);
    }

    private static Task AllSentHaveArrivedAsync(TestGateway gateway, string user, Dictionary<string, ReceiptStatus> finals) =>
        Eventually.HoldsAsync(
            async () => (await gateway.Backend.ReceivedAsync(user)).ToHashSet().IsSupersetOf(finals.Where(f => f.Value is ReceiptStatus.Sent).Select(f => f.Key)),
            $"the backend has all that {user} was told was sent");

    // Returns how many the backend lacks that were sent.
    private static int CompareWithTheBackend(string user, Dictionary<string, ReceiptStatus> finals, string[] received)
    {
        foreach (var client in received.GroupBy(id => id.Split(':')[0]))
        {
            long[] sequences = [.. client.Select(id => long.Parse(id.Split(':')[1], CultureInfo.InvariantCulture))];
            Assert.Equal(sequences.Distinct().Order(), sequences.Distinct());
            if (!MessageHistory.MayRepeat(client.Key))
                Assert.Equal(sequences.Distinct().Count(), sequences.Length);
        }

        foreach (var id in received)
            Assert.True(finals[id] is ReceiptStatus.Sent or ReceiptStatus.Unknown, $"{user}: {id} was {finals[id]}, but arrived");
        return finals.Where(f => f.Value is ReceiptStatus.Sent).Select(f => f.Key).Except(received).Count();
    }

    private static async Task<int> PlayFaultsAsync(TestGateway gateway, bool linesAreCut, Random random, CancellationToken done)
    {
        string[] modes = linesAreCut ? ["none", "refuse", "stall-accept", "stop-reading"] : ["none", "stall-accept", "stop-reading"];
        var played = 0;
        while (!done.IsCancellationRequested)
        {
            await gateway.Backend.FaultAsync(new { mode = modes[random.Next(modes.Length)] });
            if (random.Next(3) == 0)
                await DropAsync(gateway, null, linesAreCut, random);
            for (var i = random.Next(20); i > 0; i--)
                await DropAsync(gateway, string.Create(CultureInfo.InvariantCulture, $"user-{random.Next(Users)}"), linesAreCut, random);
            played++;
            await Task.Delay(LongestFault * random.NextDouble(), TimeProvider.System, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return played;
    }

    private static Task DropAsync(TestGateway gateway, string? user, bool cut, Random random) =>
        gateway.Backend.DropAsync(user, cut && random.Next(2) == 0 ? null : 1012);
}
