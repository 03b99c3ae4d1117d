using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Connections.WebFront.Tests;

/// <summary>A front answers a silo where it asks, and says then what it did not know since the last answer.</summary>
public sealed class AnsweringSilos : IServiceProvider
{
    private const string Silo = "silo";

    private static readonly byte[] Hello = DirectWire.Hello(new byte[DirectWire.KeyBytes], "front");

    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    private readonly SessionRegistry _nobody;
    private readonly FrontSink _sink;

    public AnsweringSilos()
    {
        var options = Options.Create(new FrontOptions());
        var watch = new SiloWatch(options, TimeProvider.System);
        _sink = new FrontSink(null!, watch, this);
        var services = new SessionServices(null!, _sink, null!, watch, options, TimeProvider.System, NullLogger<UserSession>.Instance);
        _nobody = new SessionRegistry(services, new TokenLeases(new Revocations(), TimeProvider.System), options, TimeProvider.System);
    }

    [Fact]
    public async Task An_answer_names_what_is_unknown_in_all_batches_since_the_last()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var link = new DirectLink(
            Silo, (IPEndPoint)listener.LocalEndpoint, Hello, _sink, Serializer, TimeProvider.System, NullLogger<DirectLink>.Instance);
        link.Begin();
        using var silo = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await ReadAsync(silo, Hello.Length);

        await WriteAsync(silo, asks: false, 7);
        await WriteAsync(silo, asks: false, 8, 7);
        await WriteAsync(silo, asks: true, 9);
        var first = await AnswerAsync(silo);
        await WriteAsync(silo, asks: true);
        var second = await AnswerAsync(silo);
        await WriteAsync(silo, asks: true, 10);
        var third = await AnswerAsync(silo);

        Assert.Equal([7, 8, 9], first.Order());
        Assert.Empty(second);
        Assert.Equal([10], third);
    }

    public object? GetService(Type serviceType) => serviceType == typeof(SessionRegistry) ? _nobody : null;

    // Nobody has a tab here.
    private static async Task WriteAsync(Socket silo, bool asks, params long[] attachments)
    {
        var writer = new ArrayBufferWriter<byte>();
        var runs = attachments.Select(a => new FeedRun { UserId = "alice", AttachId = a, Generation = 1, Epoch = 1, Frames = [] });
        DirectWire.Write(writer, new FrameBatch { Silo = Silo, Sequence = 1, Runs = [.. runs] }, asks, Serializer);
        await silo.SendAsync(writer.WrittenMemory, TestContext.Current.CancellationToken);
    }

    private static async Task<long[]> AnswerAsync(Socket silo)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(await ReadAsync(silo, DirectWire.LengthBytes));
        return DirectWire.ReadAck(await ReadAsync(silo, length)).UnknownAttachIds ?? [];
    }

    private static async Task<byte[]> ReadAsync(Socket silo, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await silo.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }
}
