namespace Connections.Simulation.Tests.World;

/// <summary>A process's clock: the world's, with an error of its own as to what time of day it is.</summary>
internal sealed class NodeTime(Node node, TimeSpan skew) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Beginning + skew + node.Loop.Look();

    // Zero is what code takes for "never".
    public override long GetTimestamp() => node.Loop.Look().Ticks + 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(node, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Node node, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime >= TimeSpan.Zero)
                Arm(dueTime, period, setting);
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan due, TimeSpan period, int setting)
        {
            node.Loop.After(due, () =>
            {
                if (setting == _setting)
                    node.Post(() => Fire(period, setting));
            });
        }

        private void Fire(TimeSpan period, int setting)
        {
            if (setting != _setting)
                return;
            if (period > TimeSpan.Zero)
                Arm(period, period, setting);
            callback(state);
        }
    }
}
