using Connections.Core;

namespace Connections.Grains.Tests;

/// <summary>What a front gets when it attaches, and that fronts share one upstream and one order.</summary>
public sealed class Attaching
{
    private const string User = "alice";

    [Fact]
    public async Task Attach_without_a_position_starts_at_the_top_and_dials_once()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = gateway.Front();

        var reply = await front.AttachAsync(User);

        Assert.Equal((Refusal.None, 0, 0), (reply.Read.Refusal, reply.Read.Frames.Length, reply.Read.Top));
        Assert.Equal(1, reply.Generation);
        var opened = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened);
        Assert.Equal(1, opened.Offset);
        Assert.Equal((1, 1, 1), await gateway.Backend.UserAsync(User));
    }

    [Fact]
    public async Task A_late_attach_without_a_position_gets_only_what_comes_after_it()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await gateway.OpenAsync(User);
        await gateway.Backend.PushAsync(User, "before");
        await first.GetsAsync(User, f => f.Text() == "before");
        var late = gateway.Front();

        var reply = await late.AttachAsync(User);
        await gateway.Backend.PushAsync(User, "after");
        await late.GetsAsync(User, f => f.Text() == "after");

        Assert.Equal((2, 0), (reply.Read.Top, reply.Read.Frames.Length));
        Assert.Equal(["after"], late.Frames(User).Select(f => f.Text()));
    }

    [Fact]
    public async Task Attach_with_a_position_returns_exactly_the_missing_frames_and_the_push_goes_on_after_them()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await gateway.OpenAsync(User);
        await gateway.SendAsync(User, "!burst 50");
        await first.GetsAsync(User, f => f.Offset == 51);
        var second = gateway.Front();

        var reply = await second.AttachAsync(User, new FramePosition((await gateway.User(User).GetState()).Epoch, 20));
        await gateway.SendAsync(User, "!burst 50");
        await second.GetsAsync(User, f => f.Offset == 101);

        Assert.Equal(Refusal.None, reply.Read.Refusal);
        Assert.Equal(21L.To(51), reply.Read.Frames.Offsets());
        Assert.Equal(52L.To(101), second.Frames(User).Offsets());
    }

    [Fact]
    public async Task Two_fronts_get_the_same_frames_in_the_same_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        var one = await gateway.OpenAsync(User);
        var two = gateway.Front();
        await two.AttachAsync(User, new FramePosition((await gateway.User(User).GetState()).Epoch, 0));

        await gateway.SendAsync(User, "!burst 900");
        await one.GetsAsync(User, f => f.Offset == 901);
        await two.GetsAsync(User, f => f.Offset == 901);

        Assert.Equal(2L.To(901), one.Frames(User).Where(f => !f.IsMarker).Offsets());
        Assert.Equal(one.Frames(User).Where(f => !f.IsMarker).Select(f => f.Text()), two.Frames(User).Where(f => !f.IsMarker).Select(f => f.Text()));
    }

    [Fact]
    public async Task A_second_attach_makes_no_dial_and_counts_its_tabs()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.OpenAsync(User);

        var reply = await gateway.Front().AttachAsync(User, tabs: 3);
        await gateway.Backend.PushAsync(User, "both");

        var state = await gateway.StateIsAsync(User, s => s.Fronts == 2, "both fronts are attached");
        Assert.Equal(4, state.Tabs);
        Assert.Equal(1, reply.Generation);
        Assert.Equal((1, 1, 1), await gateway.Backend.UserAsync(User));
    }

    [Fact]
    public async Task Attaching_anew_replaces_the_fronts_earlier_attachment()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var older = front.AttachId;

        await front.AttachAsync(User, tabs: 2);
        await gateway.User(User).Detach(front.Id, older);
        await gateway.Backend.PushAsync(User, "still here");
        await front.GetsAsync(User, f => f.Text() == "still here");

        var state = await gateway.User(User).GetState();
        Assert.Equal((1, 2), (state.Fronts, state.Tabs));
        Assert.Single(front.Frames(User), f => f.Text() == "still here");
        Assert.Equal(front.AttachId, front.Runs(User)[^1].AttachId);
    }

    [Fact]
    public async Task A_changed_number_of_tabs_is_in_the_state_that_every_front_gets()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var other = gateway.Front();
        await other.AttachAsync(User);

        await gateway.User(User).SetTabs(front.Id, front.AttachId, 5);

        await Testing.Eventually.HoldsAsync(() => front.State(User)?.Tabs == 6 && other.State(User)?.Tabs == 6, "both fronts know of 6 tabs");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    public async Task A_key_that_is_no_user_id_is_refused(string key)
    {
        await using var gateway = await TestGateway.StartAsync();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => gateway.Front().AttachAsync(key));

        Assert.Contains("not a user id", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.Backend.DialsAsync());
    }
}
