using System.Text;
using Connections.Core;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>What the backend says becomes frames, and what happens to its socket becomes markers among them.</summary>
public sealed class ReadingTheUpstream
{
    private const string User = "alice";

    [Fact]
    public async Task The_backends_close_code_and_reason_are_in_the_marker_and_the_epoch_goes_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);

        await gateway.SendAsync(User, "before", "!close 4321 had enough");
        var reopened = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened && f.Offset > 1);

        var frames = front.Frames(User);
        Assert.Equal([FrameKind.UpstreamOpened, FrameKind.Text, FrameKind.UpstreamClosed, FrameKind.UpstreamOpened], frames.Select(f => f.Kind));
        Assert.Equal(1L.To(4), frames.Offsets());
        Assert.Equal((4321, "had enough", "upstream"), frames[2].Close());
        Assert.Equal(1, reopened.Json().GetProperty("generation").GetInt64());
        Assert.Single(front.Runs(User).Select(r => r.Epoch).Distinct());
    }

    [Fact]
    public async Task A_cut_line_is_marked_as_1006_by_the_network()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);

        await gateway.Backend.DropAsync(User);
        var closed = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed);

        Assert.Equal((1006, "network"), (closed.Close().Code, closed.Close().By));
    }

    [Fact]
    public async Task A_silent_upstream_is_found_by_the_keep_alive()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:KeepAliveInterval=00:00:00.200", "Upstream:KeepAliveTimeout=00:00:00.500");
        var front = await gateway.OpenAsync(User);

        await gateway.Backend.FaultAsync(new { mode = "stall" });
        var closed = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed);

        Assert.Equal((1006, "network"), (closed.Close().Code, closed.Close().By));
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(20_000_000)]
    public async Task A_message_over_the_limit_closes_the_upstream_with_1009_and_a_marker(int size)
    {
        await using var backend = await new CloseRecorder(Encoding.ASCII.GetBytes(new string('x', size))).StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            $"Upstream:Url={backend.Upstream}", "Upstream:MaxMessageBytes=1024", "Upstream:Breaker:FailureThreshold=1");
        var front = gateway.Front();

        await front.AttachAsync(User);
        var closed = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed);
        await Eventually.HoldsAsync(() => backend.Closes.Count > 0, "the backend's socket is closed");

        Assert.Equal((1009, "message over 1024 bytes", "gateway"), closed.Close());
        Assert.Equal([1009], backend.Closes);
        Assert.DoesNotContain(front.Frames(User), f => f.Kind is FrameKind.Text);
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public async Task A_message_of_many_fragments_without_content_closes_the_upstream_with_1008_and_a_marker(int fragments, bool isRefused)
    {
        await using var backend = await new CloseRecorder("x"u8.ToArray(), fragments).StartAsync();
        await using var gateway = await TestGateway.StartAsync($"Upstream:Url={backend.Upstream}", "Upstream:Breaker:FailureThreshold=1");
        var front = gateway.Front();

        await front.AttachAsync(User);
        var frame = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed or FrameKind.Text);

        Assert.Equal(isRefused ? FrameKind.UpstreamClosed : FrameKind.Text, frame.Kind);
        if (isRefused)
            Assert.Equal((1008, "message with over 1000 empty fragments", "gateway"), frame.Close());
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_frame()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i} "));

        await gateway.SendAsync(User, $"!fragment {text}");
        var frame = await front.GetsAsync(User, f => f.Kind is FrameKind.Text);

        Assert.Equal(text, frame.Text());
    }

    [Fact]
    public async Task A_message_of_the_backends_bytes_is_a_binary_frame()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);

        await gateway.SendAsync(User, "!binary 1000");
        var frame = await front.GetsAsync(User, f => f.Kind is FrameKind.Binary);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (byte)i), frame.Payload.ToArray());
    }

    [Fact]
    public async Task An_empty_message_is_a_frame_too()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);

        await gateway.SendAsync(User, "!size 0");
        var frame = await front.GetsAsync(User, f => f.Kind is FrameKind.Text);

        Assert.Equal(0, frame.Payload.Length);
    }

    [Fact]
    public async Task Every_message_is_one_frame_in_the_backends_order()
    {
        await using var gateway = await TestGateway.StartAsync("Connection:Window:MaxFrames=100000", "Connection:Window:MaxBytes=100000000");
        var front = await gateway.OpenAsync(User);

        await gateway.SendAsync(User, "!burst 20000");
        await front.GetsAsync(User, f => f.Offset == 20_001);

        Assert.Equal(1L.To(20_000), front.Frames(User).Where(f => !f.IsMarker).Select(f => f.Json().GetProperty("n").GetInt64()));
    }
}
