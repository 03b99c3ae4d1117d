using Connections.Grains.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace Connections.Grains.Tests;

/// <summary>Who waits in a queue of one delay is called when that has passed, and by one timer.</summary>
public sealed class WaitingEquallyLong : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string, long)> _called = [];
    private readonly DelayQueue<string> _queue;

    public WaitingEquallyLong() => _queue = new DelayQueue<string>(TimeSpan.FromSeconds(15), (who, number) => _called.Add((who, number)), _time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void Each_is_called_once_after_its_own_delay()
    {
        _queue.Add("alice", 1);
        Pass(5);
        _queue.Add("bob", 7);
        Pass(9.9);
        Assert.Empty(_called);

        Pass(0.1);
        Assert.Equal([("alice", 1L)], _called);
        Pass(4.9);
        Assert.Single(_called);
        Pass(0.1);
        Assert.Equal([("alice", 1L), ("bob", 7L)], _called);
        Pass(60);
        Assert.Equal(2, _called.Count);
    }

    [Fact]
    public void Who_is_called_may_wait_again_at_once()
    {
        DelayQueue<string>? again = null;
        using var queue = again = new DelayQueue<string>(
            TimeSpan.FromSeconds(1),
            (who, number) =>
            {
                _called.Add((who, number));
                again!.Add(who, number + 1);
            },
            _time);
        queue.Add("alice", 1);

        for (var second = 1; second <= 3; second++)
        {
            Pass(1);
            Assert.Equal(("alice", second), _called[^1]);
            Assert.Equal(second, _called.Count);
        }
    }

    [Fact]
    public void Those_who_are_due_within_a_moment_are_called_together()
    {
        for (var i = 0; i < 100; i++)
        {
            _queue.Add("one of many", i);
            Pass(0.001);
        }

        Pass(14.9);
        Assert.Single(_called);
        Pass(0.05);
        Assert.InRange(_called.Count, 50, 52);
        Pass(0.05);
        Assert.Equal(100, _called.Count);
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
