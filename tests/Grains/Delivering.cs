using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>The link from a silo to a front: a batch whose outcome is unknown comes again as it was, and nothing is lost or doubled beside it.</summary>
public sealed class Delivering
{
    private const string User = "alice";
    private const int BatchFailed = 200;

    [Fact]
    public async Task A_front_that_throws_gets_the_same_batch_again_and_then_what_came_meanwhile()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var failures = 0;
        front.Answer = batch => batch.Runs.Any(r => r.Frames.Length > 0) && Interlocked.Increment(ref failures) <= 3
            ? throw new InvalidOperationException("the test's front fails")
            : Task.FromResult(BatchAck.Ok);

        await gateway.SendAsync(User, "!burst 600");
        await front.GetsAsync(User, f => f.Offset == 601);

        AssertNothingIsLostOrDoubled(front, 601);
        Assert.Equal(4, front.Batches.GroupBy(b => b.Sequence).Max(g => g.Count()));
    }

    [Fact]
    public async Task A_front_that_answers_too_late_gets_the_same_batch_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        front.Answer = async batch =>
        {
            if (batch.Runs.Any(r => r.Frames.Length > 0))
                await late.Task;
            return BatchAck.Ok;
        };

        await gateway.SendAsync(User, "!burst 10");
        await Eventually.HoldsAsync(() => gateway.Log.Count(BatchFailed) > 0, "the silo gave up waiting for the answer");
        late.SetResult();
        await gateway.SendAsync(User, "!burst 10");
        await front.GetsAsync(User, f => f.Offset == 21);

        AssertNothingIsLostOrDoubled(front, 21);
        Assert.Contains(front.Batches.GroupBy(b => b.Sequence), g => g.Count() > 1 && g.First().Runs.Length > 0);
    }

    [Fact]
    public async Task A_front_that_does_not_answer_for_6_s_is_dropped_and_the_others_go_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        var healthy = await gateway.OpenAsync(User);
        var dead = gateway.Front();
        await dead.AttachAsync(User);
        dead.Answer = _ => throw new InvalidOperationException("the test's front is dead");

        await gateway.StateIsAsync(User, s => s.Fronts == 1, "the dead front is detached");
        await gateway.Backend.PushAsync(User, "hello");

        await healthy.GetsAsync(User, f => f.Text() == "hello");
    }

    [Fact]
    public async Task A_dropped_front_that_lives_again_attaches_and_gets_frames()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        front.Answer = _ => throw new InvalidOperationException("the test's front is dead");
        await gateway.StateIsAsync(User, s => s.Fronts == 0, "the dead front is detached");

        front.Answer = _ => Task.FromResult(BatchAck.Ok);
        await front.AttachAsync(User);
        await gateway.Backend.PushAsync(User, "hello");

        await front.GetsAsync(User, f => f.Text() == "hello");
    }

    [Fact]
    public async Task An_attachment_that_the_front_does_not_know_ends()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        front.Answer = _ => Task.FromResult(new BatchAck { UnknownAttachIds = [front.AttachId] });

        await gateway.Backend.PushAsync(User, "anyone?");

        await gateway.StateIsAsync(User, s => s.Fronts == 0, "the attachment has ended");
    }

    [Fact]
    public async Task An_idle_link_sends_an_empty_batch_as_heartbeat()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Heartbeat=00:00:00.100");
        var front = await gateway.OpenAsync(User);

        await Eventually.HoldsAsync(() => front.Batches.Count(b => b.Runs.Length == 0) >= 3, "three heartbeats have come");

        Assert.Single(front.Batches.Select(b => b.Silo).Distinct());
    }

    [Fact]
    public async Task A_connection_that_moves_tells_its_fronts_to_attach_anew_after_their_last_frame()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        await gateway.SendAsync(User, "!burst 500");

        await gateway.DeactivateAsync(User);

        var released = front.Runs(User)[^1];
        var closed = front.Frames(User)[^1];
        Assert.True(released.Released);
        Assert.Equal(FrameKind.UpstreamClosed, closed.Kind);
        Assert.Equal("gateway", closed.Close().By);
        var stored = await gateway.StoredAsync(User);
        Assert.Equal((true, closed.Offset), (stored.Clean, stored.Top));
        Assert.Equal(1L.To(closed.Offset), front.Frames(User).Offsets());
    }

    private static void AssertNothingIsLostOrDoubled(TestFront front, long top)
    {
        foreach (var repeated in front.Batches.GroupBy(b => b.Sequence))
            Assert.All(repeated, b => Assert.Equal(repeated.First().Runs.SelectMany(r => r.Frames.Offsets()), b.Runs.SelectMany(r => r.Frames.Offsets())));
        var once = front.Batches.DistinctBy(b => b.Sequence).SelectMany(b => b.Runs).SelectMany(r => r.Frames);
        Assert.Equal(1L.To(top), once.Offsets());
    }
}
