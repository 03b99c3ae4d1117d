using Connections.Core;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>A connection outlives its last tab by the linger, and its epoch outlives the connection.</summary>
public sealed class Lingering
{
    private const string User = "alice";

    [Fact]
    public async Task After_the_linger_the_upstream_is_closed_and_the_next_attach_goes_on_in_the_same_epoch()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Linger=00:00:00.100");
        var front = await gateway.OpenAsync(User);
        await gateway.SendAsync(User, "!burst 3");
        await front.GetsAsync(User, f => f.Offset == 4);
        var epoch = (await gateway.User(User).GetState()).Epoch;

        await front.DetachAsync(User);
        await gateway.EndsAsync(User);
        await Eventually.HoldsAsync(async () => await gateway.Backend.ConnectionsAsync() == 0, "the upstream is closed");
        var back = gateway.Front();
        var reply = await back.AttachAsync(User);
        var opened = await back.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened);

        // 1 opened, 2 to 4 the messages, 5 closed.
        Assert.Equal((epoch, 5), (reply.Read.Epoch, reply.Read.Top));
        Assert.Equal(6, opened.Offset);
        Assert.Equal((1, 1, 2), await gateway.Backend.UserAsync(User));
    }

    [Fact]
    public async Task Coming_back_inside_the_linger_costs_no_dial_and_no_frame()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Linger=00:01:00");
        var front = await gateway.OpenAsync(User);
        var epoch = (await gateway.User(User).GetState()).Epoch;

        await front.DetachAsync(User);
        await gateway.SendAsync(User, "!burst 3");
        await gateway.StateIsAsync(User, s => s.Top == 4, "the frames are in the log");
        var reply = await gateway.Front().AttachAsync(User, new FramePosition(epoch, 1));

        Assert.Equal(Refusal.None, reply.Read.Refusal);
        Assert.Equal(2L.To(4), reply.Read.Frames.Offsets());
        Assert.Equal((1, 1, 1), await gateway.Backend.UserAsync(User));
    }

    [Fact]
    public async Task While_one_front_stays_the_upstream_stays()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Linger=00:00:00.050");
        var stays = await gateway.OpenAsync(User);
        var leaves = gateway.Front();
        await leaves.AttachAsync(User);

        await leaves.DetachAsync(User);

        await Eventually.StaysAsync(
            async () => await gateway.Backend.UserAsync(User) == (1, 1, 1), "the upstream is open", TimeSpan.FromSeconds(0.5));
        await gateway.Backend.PushAsync(User, "hello");
        await stays.GetsAsync(User, f => f.Text() == "hello");
    }

    [Fact]
    public async Task Who_waits_for_the_upstream_and_leaves_dials_no_more_and_goes_on_waiting_where_it_was()
    {
        await using var gateway = await TestGateway.StartAsync(
            "Connection:Linger=00:01:00", "Upstream:Backoff:MinDelay=00:00:01", "Upstream:Backoff:BaseDelay=00:00:01", "Upstream:Backoff:MaxDelay=00:00:01");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 403 });
        var front = gateway.Front();
        await front.AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Waiting, "the user waits");
        var began = TimeProvider.System.GetTimestamp();

        await front.DetachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Idle, "the wait is given up");
        await gateway.Backend.HealAsync();
        await gateway.Front().AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Open, "the upstream is open");

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        Assert.Equal(2, (await gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task Whose_messages_wait_for_the_upstream_is_dialled_for_without_a_tab()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Linger=00:01:00", "Upstream:Breaker:BreakDuration=00:00:01");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 403, users = new[] { User } });
        var front = gateway.Front();
        await front.AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Waiting, "the user waits");
        Assert.Equal(Abstractions.Sending.ReceiptStatus.Queued, (await gateway.SendAsync(User, "kept"))[0].Status);

        await front.DetachAsync(User);
        await gateway.Backend.HealAsync();
        await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Open, "the upstream is open");
        await Eventually.HoldsAsync(async () => (await gateway.Backend.ReceivedAsync(User)).Contains("kept"), "the message has arrived");
    }

    [Fact]
    public async Task Asking_for_the_state_of_a_user_whom_nobody_attached_dials_nothing_and_ends_after_the_linger()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Linger=00:00:00.100");

        var state = await gateway.User(User).GetState();
        await gateway.EndsAsync(User);

        Assert.Equal((Abstractions.State.UpstreamStatus.Idle, 0, 0), (state.Upstream, state.Generation, state.Fronts));
        Assert.Equal(0, await gateway.Backend.DialsAsync());
    }
}
