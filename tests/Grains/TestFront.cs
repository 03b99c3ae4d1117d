using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>A front that records what it is given, and answers as the test says.</summary>
internal sealed class TestFront : IFrontSink
{
    private readonly TestGateway _gateway;
    private readonly IFrontSink _reference;
    private readonly Lock _gate = new();
    private readonly List<FrameBatch> _batches = [];
    private readonly List<FeedRun> _taken = [];

    public TestFront(TestGateway gateway, string id)
    {
        _gateway = gateway;
        Id = id;
        _reference = gateway.Client.CreateObjectReference<IFrontSink>(this);
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The number of its last attach.</summary>
    public long AttachId { get; private set; }

    /// <summary>How it answers a batch; by default it takes it.</summary>
    public Func<FrameBatch, Task<BatchAck>> Answer { get; set; } = _ => Task.FromResult(BatchAck.Ok);

    /// <summary>Every batch that came, heartbeats and repeated ones too.</summary>
    public IReadOnlyList<FrameBatch> Batches
    {
        get
        {
            lock (_gate)
                return [.. _batches];
        }
    }

    /// <summary>Attaches, replacing its earlier attachment.</summary>
    public Task<AttachReply> AttachAsync(string user, FramePosition? position = null, int tabs = 1) =>
        _gateway.User(user).Attach(new AttachRequest { FrontId = Id, AttachId = ++AttachId, Sink = _reference, Position = position, Tabs = tabs });

    /// <summary>Ends its attachment.</summary>
    public Task DetachAsync(string user) => _gateway.User(user).Detach(Id, AttachId);

    /// <summary>What was pushed to it for a user, in batches that it took.</summary>
    public IReadOnlyList<FeedRun> Runs(string user)
    {
        lock (_gate)
            return [.. _taken.Where(r => r.UserId == user)];
    }

    /// <summary>The frames that were pushed to it for a user.</summary>
    public IReadOnlyList<Frame> Frames(string user) => [.. Runs(user).SelectMany(r => r.Frames)];

    /// <summary>The newest state that was pushed to it for a user.</summary>
    public ConnectionState? State(string user) => Runs(user).LastOrDefault(r => r.State is not null)?.State;

    /// <summary>The final receipts that were pushed to it for a user.</summary>
    public IReadOnlyList<Receipt> Receipts(string user) => [.. Runs(user).SelectMany(r => r.Receipts ?? [])];

    /// <summary>Waits until a frame has come, and returns it.</summary>
    public async Task<Frame> GetsAsync(string user, Func<Frame, bool> frame)
    {
        await Eventually.HoldsAsync(
            () => Frames(user).Any(frame),
            "the frame has come",
            seen: () => $"{string.Join('\n', Frames(user).Select(f => $"{f.Offset} {f.Kind} {f.Text()}"))}\n{_gateway.Log}");
        return Frames(user).First(frame);
    }

    public async Task<BatchAck> Deliver(FrameBatch batch)
    {
        lock (_gate)
            _batches.Add(batch);
        var ack = await Answer(batch);
        lock (_gate)
            _taken.AddRange(batch.Runs);
        return ack;
    }
}
