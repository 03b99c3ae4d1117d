using CsCheck;

using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>The breaker and the model live through the same random histories and must never differ.</summary>
public sealed class AnyHistoryOfABreaker
{
    private const int Histories = 100_000;

    // Round numbers that share sums, so that a history often lands exactly on a boundary.
    private static readonly int[] Waits = [1, 50, 100, 400, 500, 900, 999, 1_000, 1_100, 2_000, 4_400];
    private static readonly int?[] RetryAfters = [null, null, 500, 3_000, 9_000];

    private static readonly Gen<BreakerOptions> AnyOptions =
        from rules in Gen.Select(Gen.Int[0, 3], Gen.OneOf(0d, 0.5, 0.34), Gen.Int[1, 5])
        from breaks in Gen.Select(Gen.OneOf(1_000, 1_500), Gen.OneOf(1d, 1.5, 2, 3), Gen.OneOf(0d, 0.1, 1))
        from probes in Gen.Select(Gen.Int[1, 3], Gen.OneOf(500, 1_000, 4_000))
        from slow in Gen.OneOf(0, 100)
        from healthy in Gen.OneOf(0, 1_000, 2_000)
        select new BreakerOptions
        {
            FailureThreshold = rules.Item1,
            FailureRatio = rules.Item2,
            MinimumThroughput = rules.Item3,
            Window = Ms(1_000),
            SlowCallDuration = Ms(slow),
            BreakDuration = Ms(breaks.Item1),
            MaxBreakDuration = Ms(4_000),
            BreakGrowth = breaks.Item2,
            Jitter = breaks.Item3,
            HealthyAfter = Ms(healthy),
            HalfOpenPermits = probes.Item1,
            HalfOpenTimeout = Ms(probes.Item2),
            MaxRetryAfter = Ms(4_000),
        };

    private static readonly Gen<(BreakerOptions Options, double Jitter, (int Kind, int Value)[] Steps)> AnyHistory =
        Gen.Select(AnyOptions, Gen.OneOf(0d, 0.25, 1), Gen.Select(Gen.Int[0, 99], Gen.Int[0, 9_999]).Array[1, 80]);

    [Fact]
    public void Its_transitions_are_those_of_the_model()
    {
        var seen = new long[Enum.GetValues<BreakerTransitionReason>().Length];

        AnyHistory.Sample(
            history =>
            {
                var life = new Life(history.Options, history.Jitter);
                foreach (var (kind, value) in history.Steps) life.Step(kind, value);
                foreach (var transition in life.Transitions) Interlocked.Increment(ref seen[(int)transition.Reason]);
            },
            iter: Histories);

        // A history that never gets anywhere proves nothing: each reason must have come up often.
        Assert.All(seen, (count, reason) => Assert.True(count > Histories / 20, $"{(BreakerTransitionReason)reason}: {count}"));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private sealed class Life
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly BreakerOptions _options;
        private readonly double _jitter;
        private readonly List<BreakerPermit> _permits = [];
        private CircuitBreaker _breaker;
        private BreakerModel _model;
        private int _checked;

        public Life(BreakerOptions options, double jitter)
        {
            (_options, _jitter) = (options, jitter);
            (_breaker, _model) = Begin(null);
        }

        public List<BreakerTransition> Transitions { get; } = [];

        public void Step(int kind, int value)
        {
            switch (kind)
            {
                case < 25:
                    _clock.Advance(Ms(Waits[value % Waits.Length]));
                    break;
                case < 55:
                    var permit = _breaker.TryAcquire();
                    Assert.Equal(_model.TryAcquire(), permit);
                    _permits.Add(permit);
                    break;
                case < 57:
                    Assert.Equal(_model.Snapshot.State == BreakerState.Closed, _breaker.Trip($"{value}", Ms(value % 5_000)));
                    _model.TripElsewhere($"{value}", Ms(value % 5_000));
                    break;
                case < 92:
                    if (_permits.Count > 0) Report(kind, value, PermitFor(value));
                    break;
                case < 93:
                    _breaker.ForceOpen($"{value}");
                    _model.ForceOpen($"{value}");
                    break;
                case < 94:
                    _breaker.ForceClosed($"{value}");
                    _model.ForceClosed($"{value}");
                    break;
                case < 96:
                    _breaker.Reset($"{value}");
                    _model.Reset($"{value}");
                    break;
                default:
                    Restart(value);
                    break;
            }

            Compare();
        }

        // Mostly the last permit; else one of the last eight, which may be refused, late or reported before.
        private BreakerPermit PermitFor(int value) =>
            value % 10 < 6 ? _permits[^1] : _permits[^(value / 10 % Math.Min(_permits.Count, 8) + 1)];

        private void Report(int kind, int value, BreakerPermit permit)
        {
            var duration = Ms(value / 100 % 3 * 100);
            var retryAfter = RetryAfters[value / 1_000 % RetryAfters.Length] is { } asked ? Ms(asked) : (TimeSpan?)null;
            if (kind < 67)
            {
                _breaker.OnSuccess(permit, duration);
                _model.OnSuccess(permit, duration);
            }
            else if (kind < 89)
            {
                _breaker.OnFailure(permit, $"{value}", retryAfter, duration);
                _model.OnFailure(permit, $"{value}", retryAfter);
            }
            else
            {
                _breaker.Cancel(permit);
                _model.Cancel(permit);
            }
        }

        // What was stored is the snapshot of the last transition or, after a clean stop, that of the last moment.
        private void Restart(int value)
        {
            var stored = value % 2 == 0 ? _breaker.Snapshot : Transitions.LastOrDefault()?.Snapshot;
            _clock.Advance(Ms(Waits[value % Waits.Length]));
            (_breaker, _model) = Begin(stored);
            _permits.Clear();
        }

        private (CircuitBreaker Breaker, BreakerModel Model) Begin(BreakerSnapshot? stored)
        {
            var breaker = new CircuitBreaker(_options, _clock, () => _jitter, stored);
            breaker.Transitioned += Transitions.Add;
            _checked = Transitions.Count;
            return (breaker, new(_options, _jitter, _clock.GetUtcNow, stored));
        }

        private void Compare()
        {
            Assert.Equal(_model.Transitions.Count, Transitions.Count - _checked);
            for (var i = 0; i < _model.Transitions.Count; i++) Assert.Equal(_model.Transitions[i], Transitions[_checked + i]);
            _checked = Transitions.Count;
            _model.Transitions.Clear();

            Assert.Equal(_model.Snapshot, _breaker.Snapshot);
            Assert.Equal(_model.RetryAfter, _breaker.RetryAfter);
        }
    }
}
