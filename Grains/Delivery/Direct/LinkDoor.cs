using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Connections.Grains.Delivery.Direct;

/// <summary>
/// Where fronts connect to this silo for their links' batches. Orleans carries a batch as well, but through four queues on each side, each with a
/// thread to wake: at a few thousand messages a second that is most of what a message costs. Where a front cannot connect, Orleans carries it.
/// </summary>
internal sealed partial class LinkDoor(
    ILocalSiloDetails silo,
    FrontLinks links,
    Serializer serializer,
    IOptions<ConnectionOptions> options,
    ILogger<LinkDoor> logger) : BackgroundService
{
    private const int Backlog = 512;
    private const int MostAtTheDoor = 32;

    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(2);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(DirectWire.KeyBytes);
    private readonly SemaphoreSlim _door = new(MostAtTheDoor);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.DirectLinks)
            return;
        using var listener = Listen();
        links.Direct = new LinkAddress { Port = ((IPEndPoint)listener.LocalEndPoint!).Port, Key = _key };
        try
        {
            while (true)
            {
                // A stranger who connects and says nothing holds a thread for as long as patience lasts: there are never more of them than this.
                await _door.WaitAsync(stoppingToken);
                var socket = await listener.AcceptAsync(stoppingToken);
                new Thread(() => Welcome(socket)) { IsBackground = true, Name = "link door" }.Start();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    // On the address told to others when it is this machine's own, else on all, as Orleans does.
    private Socket Listen()
    {
        var address = silo.SiloAddress.Endpoint.Address;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, options.Value.LinkPort));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            socket.Bind(new IPEndPoint(address.AddressFamily is AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, options.Value.LinkPort));
        }

        socket.Listen(Backlog);
        return socket;
    }

    // The line's calls wait in the kernel, and so must the first ones: a socket that was once waited for without a thread never does so again.
    private void Welcome(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            socket.ReceiveTimeout = (int)HelloPatience.TotalMilliseconds;
            Span<byte> length = stackalloc byte[DirectWire.LengthBytes];
            socket.Fill(length);
            if (BinaryPrimitives.ReadInt32LittleEndian(length) is var size and > 0 and <= DirectWire.LongestHello)
            {
                var hello = new byte[size];
                socket.Fill(hello);
                if (DirectWire.FrontOf(hello, _key) is { } front && links.Find(front) is { } link && link.Use(new DirectLine(socket, serializer)))
                    return;
            }

            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            Log.NotWelcome(logger, e.Message);
            socket.Dispose();
        }
        finally
        {
            _door.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(210, LogLevel.Debug, "A direct connection came to nothing: {Error}")]
        public static partial void NotWelcome(ILogger logger, string error);
    }
}
