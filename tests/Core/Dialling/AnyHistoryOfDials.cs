using CsCheck;

using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>Random histories of asking, cancelling, ending dials and changing the rate: the promises hold in each.</summary>
public sealed class AnyHistoryOfDials
{
    private static readonly double[] Rates = [0, 0.4, 1, 1.5, 2.5, 3.3, 4.2, 4.9, 5, 5.1, 7, 33.3, 100, 333.3];

    private static readonly Gen<(double Rate, int Places, (int Kind, int Value)[] Steps)> AnyHistory =
        Gen.Select(Gen.OneOf(Rates), Gen.OneOf(1, 3, 1_000), Gen.Select(Gen.Int[0, 99], Gen.Int[0, 999]).Array[20, 150]);

    [Fact]
    public void No_second_sees_more_than_its_rate_and_a_fifth_and_nobody_overtakes()
    {
        long dials = 0, seconds = 0;
        AnyHistory.Sample(
            history =>
            {
                using var life = new Life(history.Rate, history.Places);
                foreach (var (kind, value) in history.Steps) life.Step(kind, value);
                life.Finish();
                Interlocked.Add(ref seconds, life.CheckEverySecond());
                Interlocked.Add(ref dials, life.Dials);
            },
            iter: 3_000);

        Assert.True(dials > 200_000 && seconds > 4_000, $"{dials} dials, of which {seconds} began a second that was full.");
    }

    [Fact]
    public async Task Many_threads_never_exceed_the_places_and_leave_nothing_behind()
    {
        const int Places = 3;
        using var budget = new DialBudget(1_000_000, Places, TimeProvider.System);
        var under = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 500; i++)
            {
                using var cancellation = new CancellationTokenSource();
                var asked = budget.AcquireAsync(cancellation.Token);
                if (random.Next(4) == 0) await cancellation.CancelAsync();
                try
                {
                    using var lease = await asked;
                    InterlockedMax(ref most, Interlocked.Increment(ref under));
                    await Task.Yield();
                    Interlocked.Decrement(ref under);
                }
                catch (OperationCanceledException)
                {
                    // This one left the line.
                }
            }
        })));

        Assert.InRange(most, 1, Places);
        Assert.Equal((0, 0), (budget.Dialling, budget.Waiting));
    }

    [Fact]
    public async Task A_cancellation_that_races_with_a_lease_has_one_outcome()
    {
        using var budget = new DialBudget(1_000_000, 1, TimeProvider.System);
        var stop = TestContext.Current.CancellationToken;
        for (var round = 0; round < 5_000; round++)
        {
            using var source = new CancellationTokenSource();
            var first = await budget.AcquireAsync(stop);
            var second = budget.AcquireAsync(source.Token).AsTask();
            await Task.WhenAll(Task.Run(source.Cancel, stop), Task.Run(first.Dispose, stop));
            try
            {
                (await second).Dispose();
            }
            catch (OperationCanceledException)
            {
                // The cancellation came first.
            }
        }

        Assert.Equal((0, 0), (budget.Dialling, budget.Waiting));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; seen < value; seen = target)
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
        }
    }

    private sealed class Life : IDisposable
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly DialBudget _budget;
        private readonly int _places;
        private readonly List<(Task<DialLease> Asked, CancellationTokenSource Cancellation)> _line = [];
        private readonly List<DialLease> _out = [];
        private readonly List<long> _dials = [];
        private readonly List<(long From, double Rate)> _rates;
        private readonly long _start;

        public Life(double rate, int places)
        {
            _budget = new(rate, places, _clock);
            _places = places;
            _rates = [(0, rate)];
            _start = _clock.GetTimestamp();
        }

        private long Now => _clock.GetElapsedTime(_start).Ticks;

        public int Dials => _dials.Count;

        public void Dispose()
        {
            _budget.Dispose();
            foreach (var (_, cancellation) in _line) cancellation.Dispose();
        }

        public void Step(int kind, int value)
        {
            switch (kind)
            {
                case < 40:
                    Pass(value % 10 == 0 ? value * 3 : value % 40);
                    break;
                case < 65:
                    for (var i = value % 30; i >= 0; i--) Ask();
                    break;
                case < 75 when _line.Count > 0:
                    Cancel(value % _line.Count);
                    break;
                case < 93 when _out.Count > 0:
                    End(value % _out.Count);
                    break;
                case > 97:
                    SetRate(Rates[value % Rates.Length]);
                    break;
            }

            Look();
        }

        /// <summary>Whoever is still in line gets a lease in the end.</summary>
        public void Finish()
        {
            SetRate(100);
            for (var i = 0; _line.Count > 0; i++)
            {
                Assert.True(i < 100_000, $"{_line.Count} wait for ever.");
                Look();
                while (_out.Count > 0) End(0);
                Pass(10);
                Look();
            }

            while (_out.Count > 0) End(0);
            Assert.Equal((0, 0), (_budget.Dialling, _budget.Waiting));
        }

        /// <summary>For each dial: the second that begins with it holds no more than promised. Says how many held just as many.</summary>
        public int CheckEverySecond()
        {
            var full = 0;
            for (int first = 0, end = 0; first < _dials.Count; first++)
            {
                var until = _dials[first] + TimeSpan.TicksPerSecond;
                while (end < _dials.Count && _dials[end] < until) end++;
                var allowed = Math.Max(1, (int)Math.Floor(1.2 * HighestRate(_dials[first], until)));
                Assert.True(end - first <= allowed, $"{end - first} dials from {_dials[first]} on, {allowed} allowed.");
                if (end - first == allowed) full++;
            }

            return full;
        }

        private double HighestRate(long from, long until)
        {
            var highest = 0d;
            for (var i = 0; i < _rates.Count; i++)
            {
                var ends = i + 1 < _rates.Count ? _rates[i + 1].From : long.MaxValue;
                if (_rates[i].From < until && ends >= from) highest = Math.Max(highest, _rates[i].Rate);
            }

            return highest;
        }

        // The clock goes by single milliseconds, so that each dial is seen when it happens.
        private void Pass(int milliseconds)
        {
            for (; milliseconds > 0; milliseconds--)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(1));
                Look();
            }
        }

        private void Ask()
        {
            var cancellation = new CancellationTokenSource();
            _line.Add((_budget.AcquireAsync(cancellation.Token).AsTask(), cancellation));
        }

        private void Cancel(int index)
        {
            var (asked, cancellation) = _line[index];
            cancellation.Cancel();
            if (asked.IsCompletedSuccessfully) return;
            Assert.True(asked.IsCanceled);
            cancellation.Dispose();
            _line.RemoveAt(index);
        }

        private void End(int index)
        {
            var lease = _out[index];
            _out.RemoveAt(index);
            lease.Dispose();
        }

        private void SetRate(double rate)
        {
            _budget.SetRate(rate);
            _rates.Add((Now, rate));
        }

        // Who got a lease must be the front of the line, without gaps.
        private void Look()
        {
            var given = 0;
            while (given < _line.Count && _line[given].Asked.IsCompletedSuccessfully)
            {
                _out.Add(_line[given].Asked.GetAwaiter().GetResult());
                _line[given].Cancellation.Dispose();
                _dials.Add(Now);
                given++;
            }

            _line.RemoveRange(0, given);
            Assert.True(_out.Count <= _places);
            Assert.True(_out.Count == _budget.Dialling && _line.Count == _budget.Waiting, "Somebody overtook, or was forgotten.");
        }
    }
}
