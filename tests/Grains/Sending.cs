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

        var receipts = await gateway.User(User).Send([new OutgoingMessage("a:7", true, [65]), new OutgoingMessage("b:9", false, [66])]);

        Assert.Equal(["a:7", "b:9"], receipts.Select(r => r.Id));
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
    public async Task With_the_upstream_down_a_message_is_rejected_as_upstream_down()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Breaker:FailureThreshold=0", "Upstream:Backoff:MaxDelay=00:01:00");
        await gateway.Backend.FaultAsync(new { mode = "refuse", retryAfterSeconds = 30 });
        await gateway.Front().AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is UpstreamStatus.Waiting, "the first dial has failed");

        var receipt = Assert.Single(await gateway.SendAsync(User, "lost?"));

        Assert.Equal((ReceiptStatus.Rejected, ReceiptReason.UpstreamDown), (receipt.Status, receipt.Reason));
        Assert.InRange(receipt.RetryAfterMs!.Value, 1, 30_000);
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
        await using var gateway = await TestGateway.StartAsync("Upstream:MaxMessageBytes=1024");
        await gateway.OpenAsync(User);

        var receipts = await gateway.SendAsync(User, new string('x', 1025), new string('x', 512));

        Assert.Equal([ReceiptReason.TooLarge, ReceiptReason.None], receipts.Select(r => r.Reason));
        Assert.Equal([ReceiptStatus.Rejected, ReceiptStatus.Sent], receipts.Select(r => r.Status));
    }

    [Fact]
    public async Task What_the_socket_does_not_take_is_bounded_and_unknown_when_the_upstream_dies()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:MaxPendingSendBytes=200000");
        await gateway.OpenAsync(User);
        await gateway.Backend.FaultAsync(new { mode = "stop-reading" });
        var message = new string('x', 100_000);

        // Kernel buffers take the first megabytes; what then waits in the silo is bounded.
        var receipts = new List<Task<Receipt[]>>();
        await Eventually.HoldsAsync(
            () =>
            {
                receipts.Add(gateway.SendAsync(User, message));
                return receipts.Any(r => r.IsCompletedSuccessfully && r.Result[0].Reason is ReceiptReason.QueueFull);
            },
            "a message is rejected because too much waits");
        await gateway.Backend.DropAsync(User);
        var all = (await Task.WhenAll(receipts)).Select(r => r[0]).ToArray();

        Assert.Contains(all, r => r is { Status: ReceiptStatus.Rejected, Reason: ReceiptReason.QueueFull });
        Assert.Contains(all, r => r is { Status: ReceiptStatus.Unknown, Reason: ReceiptReason.UpstreamLost });
        Assert.InRange(all.Count(r => r.Status is ReceiptStatus.Unknown), 1, 2);
    }
}
