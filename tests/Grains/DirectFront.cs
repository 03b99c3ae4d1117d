using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.Grains.Tests;

/// <summary>The front's end of a direct connection, played by a test.</summary>
internal sealed class DirectFront : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly string _silo;
    private readonly Serializer _serializer;

    private DirectFront(string silo, Serializer serializer) => (_silo, _serializer) = (silo, serializer);

    /// <summary>Whether the last batch asked for an answer.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Connects to the silo that answered an attach.</summary>
    public static Task<DirectFront> ConnectAsync(AttachReply reply, byte[] key, string frontId, Serializer serializer) =>
        ConnectAsync(reply, DirectWire.Hello(key, frontId), serializer);

    /// <summary>Connects and says this.</summary>
    public static async Task<DirectFront> ConnectAsync(AttachReply reply, byte[] hello, Serializer serializer)
    {
        var silo = SiloAddress.FromParsableString(reply.Silo[..reply.Silo.LastIndexOf('/')]);
        var front = await ConnectAsync(new IPEndPoint(silo.Endpoint.Address, reply.Direct!.Port), reply.Silo, serializer);
        await front._socket.SendAsync(hello);
        return front;
    }

    /// <summary>Connects and says nothing.</summary>
    public static async Task<DirectFront> ConnectAsync(EndPoint address, string silo, Serializer serializer)
    {
        var front = new DirectFront(silo, serializer);
        await front._socket.ConnectAsync(address);
        return front;
    }

    /// <summary>Reads batches and answers where they ask until a frame has come.</summary>
    /// <returns>All frames that came.</returns>
    public async Task<List<Frame>> TakeUntilAsync(long offset)
    {
        var frames = new List<Frame>();
        while (frames.Count == 0 || frames[^1].Offset < offset)
        {
            frames.AddRange((await ReadAsync()).Runs.SelectMany(r => r.Frames));
            await AnswerAsync();
        }

        return frames;
    }

    /// <summary>Reads the next batch that has a run, and answers empty ones.</summary>
    public async Task<FrameBatch> NextAsync()
    {
        while (true)
        {
            var batch = await ReadAsync();
            if (batch.Runs.Length > 0)
                return batch;
            await AnswerAsync();
        }
    }

    /// <summary>Reads until a frame of a user comes, alone, and leaves that batch without an answer.</summary>
    public async Task<Frame> FrameAsync(string user)
    {
        while (true)
        {
            var run = (await NextAsync()).Runs.Single();
            if (run.Frames.Length > 0)
            {
                Assert.Equal(user, run.UserId);
                return run.Frames.Single();
            }

            await AnswerAsync();
        }
    }

    /// <summary>Waits for the first batch, and answers it: from then on the link goes over this connection.</summary>
    public async Task HeartbeatAsync()
    {
        await ReadAsync();
        Assert.True(IsAsked);
        await AnswerAsync();
    }

    /// <summary>Reads the next batch, and leaves it without an answer.</summary>
    public async Task<FrameBatch> ReadAsync()
    {
        var length = await ReadAsync(DirectWire.LengthBytes);
        var batch = DirectWire.ReadBatch(await ReadAsync(BinaryPrimitives.ReadInt32LittleEndian(length)), _silo, _serializer, out var asks);
        IsAsked = asks;
        return batch;
    }

    /// <summary>Answers the last batch, if it asks, and with it those before it.</summary>
    /// <param name="unknown">The attachments in them that this front has not.</param>
    public async Task AnswerAsync(params long[] unknown)
    {
        if (!IsAsked)
            return;
        var ack = new ArrayBufferWriter<byte>();
        DirectWire.Write(ack, unknown is [] ? BatchAck.Ok : new BatchAck { UnknownAttachIds = unknown });
        await _socket.SendAsync(ack.WrittenMemory);
    }

    /// <summary>Whether the silo has closed the connection.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _socket.ReceiveAsync(new byte[1], limit.Token) == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }
}
