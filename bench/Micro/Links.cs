using BenchmarkDotNet.Attributes;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery;
using Microsoft.Extensions.Logging.Abstractions;

namespace Connections.Micro;

/// <summary>A thousand messages of a hundred users through the feeds and one link, to a front that takes them at once. Per message.</summary>
public class Links
{
    private const int Users = 100;
    private const int Messages = 1_000;

    private readonly UserFeed[] _users = new UserFeed[Users];
    private readonly Sink _sink = new();
    private FrontLink? _link;

    /// <summary>Makes the link and the attachments.</summary>
    [GlobalSetup]
    public void Attach()
    {
        _link = new FrontLink("front", _sink, "silo", TimeSpan.FromSeconds(1), null!, TimeProvider.System, NullLogger.Instance);
        for (var i = 0; i < Users; i++)
        {
            _users[i] = new UserFeed($"user-{i}", new ReplayLog(new ReplayWindow(), Payloads.Epoch));
            _users[i].Subscribe(new FeedSubscription(_users[i], _link, attachId: i + 1), null);
        }
    }

    /// <summary>Appends them and waits until the front has them all.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task Batch()
    {
        var all = _sink.Expect(Messages);
        for (var i = 0; i < Messages; i++)
            _users[i % Users].Append(FrameKind.Text, Payloads.Message, Payloads.At);
        return all;
    }

    /// <summary>Ends the link.</summary>
    [GlobalCleanup]
    public async Task EndAsync() => await _link!.DisposeAsync();

    private sealed class Sink : IFrontSink
    {
        private TaskCompletionSource _all = new();
        private int _missing;

        public Task Expect(int frames)
        {
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, frames);
            return _all.Task;
        }

        public Task<BatchAck> Deliver(FrameBatch batch)
        {
            var frames = 0;
            foreach (var run in batch.Runs)
                frames += run.Frames.Length;
            if (Interlocked.Add(ref _missing, -frames) == 0 && frames > 0)
                _all.SetResult();
            return Task.FromResult(BatchAck.Ok);
        }
    }
}
