using System.Collections.Concurrent;
using Connections.Grains.Delivery;

namespace Connections.Grains.Tests;

/// <summary>A message that is brought to a link is never left lying: whoever has the turn looks once more before he leaves it.</summary>
public sealed class TakingTurns
{
    private const int Bringers = 4;
    private const int Each = 50_000;

    private readonly LinkTurn _turn = new();
    private readonly ConcurrentQueue<int> _queue = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _seen;
    private volatile bool _overlapped;

    [Fact]
    public async Task Everything_is_taken_by_one_at_a_time_whoever_brings_it()
    {
        var ct = TestContext.Current.CancellationToken;
        new Thread(Work) { IsBackground = true }.Start();
        await Task.WhenAll(Enumerable.Range(0, Bringers).Select(b => Task.Run(() => Bring(b), ct)));
        await _done.Task.WaitAsync(TimeSpan.FromSeconds(30), ct);

        Assert.False(_overlapped);
        Assert.Empty(_queue);
    }

    // As the link's own thread: works while there is something, else leaves the turn.
    private void Work()
    {
        while (!_done.Task.IsCompleted)
        {
            TakeAll();
            _turn.Leave();
            if (_queue.IsEmpty || !_turn.TryTake())
                _turn.Await();
        }
    }

    // Every third hands over what it finds, as one does who would have to wait.
    private void Bring(int bringer)
    {
        for (var i = 0; i < Each; i++)
        {
            _queue.Enqueue(i);
            while (_turn.TryTake())
            {
                if ((i + bringer) % 3 == 0)
                {
                    _turn.HandOver();
                    break;
                }

                TakeAll();
                _turn.Leave();
                if (_queue.IsEmpty)
                    break;
            }
        }
    }

    private void TakeAll()
    {
        _overlapped |= Interlocked.Increment(ref _inside) != 1;
        while (_queue.TryDequeue(out _))
        {
            if (++_seen == Bringers * Each)
                _done.TrySetResult();
        }

        _overlapped |= Interlocked.Decrement(ref _inside) != 0;
    }
}
