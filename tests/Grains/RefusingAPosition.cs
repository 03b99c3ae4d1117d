using Connections.Core;
using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Tests;

/// <summary>A position that cannot be honoured is refused with the reason and the bounds, and never honoured partly.</summary>
public sealed class RefusingAPosition
{
    private const string User = "alice";

    [Fact]
    public async Task A_position_of_another_epoch_is_refused_as_epoch_changed()
    {
        await using var gateway = await TestGateway.StartAsync();
        var epoch = await WriteFramesAsync(gateway, 5);

        var read = await AttachAsync(gateway, new FramePosition(epoch + 1, 2));

        Assert.Equal((Refusal.EpochChanged, epoch, 1, 6), (read.Refusal, read.Epoch, read.First, read.Top));
    }

    [Fact]
    public async Task A_position_ahead_of_the_log_is_refused_as_future_offset()
    {
        await using var gateway = await TestGateway.StartAsync();
        var epoch = await WriteFramesAsync(gateway, 5);

        var read = await AttachAsync(gateway, new FramePosition(epoch, 7));

        Assert.Equal((Refusal.FutureOffset, 1, 6), (read.Refusal, read.First, read.Top));
    }

    [Fact]
    public async Task A_position_older_than_the_window_is_refused_as_evicted()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Window:MaxFrames=10");
        var epoch = await WriteFramesAsync(gateway, 30);

        var refused = await AttachAsync(gateway, new FramePosition(epoch, 20));
        var honoured = await AttachAsync(gateway, new FramePosition(epoch, 21));

        Assert.Equal((Refusal.Evicted, 22, 31), (refused.Refusal, refused.First, refused.Top));
        Assert.Equal(Refusal.None, honoured.Refusal);
        Assert.Equal(22L.To(31), honoured.Frames.Offsets());
    }

    [Fact]
    public async Task Frames_over_the_windows_bytes_are_evicted_too()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Window:MaxBytes=4000");
        var front = await gateway.OpenAsync(User);
        await gateway.SendAsync(User, [.. Enumerable.Repeat("!size 1000", 10)]);
        await front.GetsAsync(User, f => f.Offset == 11);

        var read = await gateway.User(User).Read(new FramePosition((await gateway.User(User).GetState()).Epoch, 0));

        Assert.Equal((Refusal.Evicted, 9, 11), (read.Refusal, read.First, read.Top));
        Assert.Equal(11L.To(11).Prepend(10).Prepend(9), read.Frames.Offsets());
    }

    private static async Task<ulong> WriteFramesAsync(TestGateway gateway, int messages)
    {
        var front = await gateway.OpenAsync(User);
        await gateway.SendAsync(User, $"!burst {messages}");
        await front.GetsAsync(User, f => f.Offset == messages + 1);
        return (await gateway.User(User).GetState()).Epoch;
    }

    private static async Task<ReadReply> AttachAsync(TestGateway gateway, FramePosition position) =>
        (await gateway.Front().AttachAsync(User, position)).Read;
}
