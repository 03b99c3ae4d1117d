using System.Buffers;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Connections.Grains.Tests;

/// <summary>A link bounds what it writes without waiting by what it takes on the wire: a run counts as many bytes as are written.</summary>
public sealed class CountingWireBytes
{
    [Theory]
    [InlineData("a", 1, 0)]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 1, 48)]
    [InlineData("zoë@example.org", 100, 200)]
    public async Task A_run_counts_what_is_written(string userId, int frames, int payload)
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var run = new FeedRun
        {
            UserId = userId,
            AttachId = 1,
            Generation = 1,
            Epoch = 1,
            Frames = [.. Enumerable.Range(1, frames).Select(offset => new Frame(offset, FrameKind.Text, new byte[payload], 0))],
        };

        Assert.Equal(Written([run]) - Written([]), DirectWire.BytesOf(run));

        int Written(FeedRun[] runs)
        {
            var writer = new ArrayBufferWriter<byte>();
            DirectWire.Write(writer, new FrameBatch { Silo = "silo", Sequence = 1, Runs = runs }, asks: true, serializer);
            return writer.WrittenCount;
        }
    }
}
