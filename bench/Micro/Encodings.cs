using BenchmarkDotNet.Attributes;
using Connections.WebFront.Hub;
using Connections.WebFront.RawSocket;
using Connections.WebFront.Sessions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Connections.Micro;

/// <summary>The bytes that all tabs of a user share, in each protocol.</summary>
public class Encodings
{
    private readonly JsonHubProtocol _json = new();
    private readonly MessagePackHubProtocol _messagePack = new(Options.Create(new MessagePackHubProtocolOptions()));
    private FrameRange? _range;

    /// <summary>How many frames are written at once: more than one to a tab that lags.</summary>
    [Params(1, 16)]
    public int Frames { get; set; }

    /// <summary>Makes the frames.</summary>
    [GlobalSetup]
    public void Make() => _range = new FrameRange(Payloads.Epoch, Payloads.Frames(Frames));

    /// <summary><c>connections.v1</c>.</summary>
    [Benchmark]
    public int Envelope() => EnvelopeWriter.Encode(_range!).Framed.Length;

    /// <summary>The hub's JSON.</summary>
    [Benchmark]
    public int HubJson() => HubTabWriter.Encode(_range!).GetSerializedMessage(_json).Length;

    /// <summary>The hub's MessagePack.</summary>
    [Benchmark]
    public int HubMessagePack() => HubTabWriter.Encode(_range!).GetSerializedMessage(_messagePack).Length;
}
