using System.Security.Cryptography;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>Messages to the upstream: in order, and with an honest receipt each.</summary>
public sealed class Sending
{
    private const string User = "alice";

    [Fact]
    public async Task Messages_reach_the_backend_in_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.OpenAsync(User);
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => $"message {i}")];

        var receipts = new List<Receipt>();
        foreach (var chunk in texts.Chunk(50))
            receipts.AddRange(await gateway.SendAsync(User, chunk));

        Assert.All(receipts, r => Assert.Equal((ReceiptStatus.Sent, ReceiptReason.None), (r.Status, r.Reason)));
        await Eventually.HoldsAsync(async () => (await gateway.Backend.ReceivedAsync(User)).Length == texts.Length, "everything has arrived");
        Assert.Equal(texts, await gateway.Backend.ReceivedAsync(User));
    }

    [Fact]
    public async Task Receipts_have_the_ids_of_their_messages()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.OpenAsync(User);

        var receipts = await gateway.User(User).Send([new OutgoingMessage("a:1", true, [65]), new OutgoingMessage("b:1", false, [66])]);

        Assert.Equal(["a:1", "b:1"], receipts.Select(r => r.Id));
    }

    [Fact]
    public async Task A_binary_message_comes_back_as_the_same_bytes()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var bytes = RandomNumberGenerator.GetBytes(100_000);

        await gateway.User(User).Send([new OutgoingMessage("test:1", false, bytes)]);

        var echo = await front.GetsAsync(User, f => f.Kind is FrameKind.Binary);
        Assert.Equal(bytes, echo.Payload.ToArray());
    }

    [Fact]
    public async Task With_the_upstream_down_a_message_waits_and_is_settled_by_a_late_receipt()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Breaker:FailureThreshold=0", "Upstream:Backoff:MaxDelay=00:00:02");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        var front = gateway.Front();
        await front.AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is UpstreamStatus.Waiting, "the first dial has failed");

        Assert.Equal(ReceiptStatus.Queued, Assert.Single(await gateway.SendAsync(User, "later")).Status);
        Assert.Empty(await gateway.Backend.ReceivedAsync(User));
        await gateway.Backend.HealAsync();

        await Eventually.HoldsAsync(
            () => front.Receipts(User).Any(r => r is { Id: "test:1", Status: ReceiptStatus.Sent }), "the front has the final receipt");
        Assert.Equal(["later"], await gateway.Backend.ReceivedAsync(User));
    }

    [Fact]
    public async Task A_message_that_waits_too_long_expires_and_the_front_is_told()
    {
        await using var gateway = await TestGateway.StartAsync("Outbox:TimeToLive=00:00:01", "Upstream:Breaker:FailureThreshold=0");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        var front = gateway.Front();
        await front.AttachAsync(User);

        Assert.Equal(ReceiptStatus.Queued, Assert.Single(await gateway.SendAsync(User, "too late")).Status);
        await Eventually.HoldsAsync(
            () => front.Receipts(User).Any(r => r is { Id: "test:1", Status: ReceiptStatus.Expired }), "the front has the final receipt");
        await gateway.Backend.HealAsync();
        await gateway.StateIsAsync(User, s => s.Upstream is UpstreamStatus.Open, "the upstream is open");

        Assert.Equal(ReceiptStatus.Expired, Assert.Single(await gateway.User(User).Send([new OutgoingMessage("test:1", true, [65])])).Status);
        Assert.Empty(await gateway.Backend.ReceivedAsync(User));
    }

    [Fact]
    public async Task Without_an_upstream_configured_a_message_is_rejected_as_upstream_down()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Url=");
        var reply = await gateway.Front().AttachAsync(User);

        var receipt = Assert.Single(await gateway.SendAsync(User, "hello"));

        Assert.Equal(UpstreamStatus.None, reply.State.Upstream);
        Assert.Equal((ReceiptStatus.Rejected, ReceiptReason.UpstreamDown), (receipt.Status, receipt.Reason));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_rejected_as_too_large_and_one_at_the_limit_is_sent()
    {
        await using var gateway = await TestGateway.StartAsync("Outbox:MaxMessageBytes=1024");
        await gateway.OpenAsync(User);

        var receipts = await gateway.SendAsync(User, new string('x', 1025), new string('x', 1024));

        Assert.Equal([ReceiptReason.TooLarge, ReceiptReason.None], receipts.Select(r => r.Reason));
        Assert.Equal([ReceiptStatus.Rejected, ReceiptStatus.Sent], receipts.Select(r => r.Status));
    }

    [Fact]
    public async Task What_the_socket_does_not_take_is_bounded_and_only_what_was_on_its_way_is_unknown()
    {
        await using var gateway = await TestGateway.StartAsync("Outbox:MaxBytes=2500000", "Outbox:MaxMessageBytes=1000000");
        await gateway.OpenAsync(User);
        await gateway.Backend.FaultAsync(new { mode = "stop-reading" });
        var message = new string('x', 1_000_000);

        // Kernel buffers take the first megabytes; what then waits in the silo is bounded.
        // Each from a client of its own: calls that do not wait for each other may overtake.
        var receipts = new List<Task<Receipt[]>>();
        await Eventually.HoldsAsync(
            () =>
            {
                receipts.Add(gateway.User(User).Send([new($"client-{receipts.Count}:1", true, System.Text.Encoding.UTF8.GetBytes(message))]));
                return receipts.Any(r => r.IsCompletedSuccessfully && r.Result[0].Reason is ReceiptReason.QueueFull);
            },
            "a message is rejected because too much waits",
            TimeSpan.FromSeconds(60),
            () => string.Join('\n', receipts.Select(r => r.IsCompletedSuccessfully ? r.Result[0].ToString() : r.Status.ToString())));
        await gateway.Backend.DropAsync(User);
        var all = (await Task.WhenAll(receipts)).Select(r => r[0]).ToArray();

        Assert.Contains(all, r => r is { Status: ReceiptStatus.Rejected, Reason: ReceiptReason.QueueFull });
        Assert.Equal(1, all.Count(r => r is { Status: ReceiptStatus.Unknown, Reason: ReceiptReason.UpstreamLost }));
    }

    [Fact]
    public async Task Who_asks_again_about_a_message_on_its_way_learns_how_it_ended()
    {
        await using var gateway = await TestGateway.StartAsync("Outbox:MaxBytes=16000000", "Outbox:MaxMessageBytes=16000000");
        var front = await gateway.OpenAsync(User);
        await gateway.Backend.FaultAsync(new { mode = "stop-reading" });
        OutgoingMessage[] message = [new("test:1", false, new byte[15_000_000])]; // more than kernel buffers take

        var first = gateway.User(User).Send(message);
        var second = gateway.User(User).Send(message);
        await gateway.Backend.HealAsync();
        var answers = await Task.WhenAll(first, second);

        // An answer in time is final; one of "queued" is followed by a late receipt.
        foreach (var answer in answers.Select(Assert.Single).Where(a => a!.Status is not ReceiptStatus.Sent))
        {
            Assert.Equal(ReceiptStatus.Queued, answer!.Status);
            await Eventually.HoldsAsync(() => front.Receipts(User).Any(r => r is { Id: "test:1", Status: ReceiptStatus.Sent }), "the late receipt comes");
        }
    }
}
