using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery.Direct;
using Connections.Grains.Telemetry;

namespace Connections.Grains.Delivery;

/// <summary>
/// While the front has a direct line, one thread composes, writes and waits for the answer: in the kernel, and for work on one condition. On the
/// pool the same took three hops from thread to thread, and they cost several times what is done between them (docs/performance.md).
/// </summary>
internal sealed partial class FrontLink
{
    private readonly object _pump = new();
    private DirectLine? _line;
    private bool _idle;

    /// <summary>The front has connected directly: from its next batch on the link goes over that line, for as long as it holds.</summary>
    /// <returns>False when the link has ended.</returns>
    public bool Use(DirectLine line)
    {
        Interlocked.Exchange(ref _line, line)?.Dispose();
        if (IsLost || _stop.IsCancellationRequested)
        {
            StopPump();
            return false;
        }

        // Whoever waits for work without a line goes on to it.
        Beat();
        return true;
    }

    // Completes when the line is of no more use, with the batch whose outcome is unknown.
    private Task<FrameBatch?> PumpAsync(DirectLine line)
    {
        var ended = new TaskCompletionSource<FrameBatch?>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            // What nobody catches on a thread ends the process, and with it all users of this silo.
            try
            {
                ended.SetResult(Pump(line));
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        })
        { IsBackground = true, Name = "link" }.Start();
        return ended.Task;
    }

    private FrameBatch? Pump(DirectLine line)
    {
        while (Volatile.Read(ref _line) == line)
        {
            if (!_queue.Reader.TryPeek(out _))
            {
                WaitForWork(line);
                continue;
            }

            if (Compose() is not { } batch)
                continue;
            var started = _time.GetTimestamp();
            try
            {
                var ack = line.Deliver(batch);
                Acknowledged(batch, started);
                Settle(ack);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Interlocked.CompareExchange(ref _line, null, line);
                line.Dispose();
                Log.LineBroke(_logger, FrontId, e.Message);
                return batch;
            }
        }

        return null;
    }

    private void WaitForWork(DirectLine line)
    {
        lock (_pump)
        {
            Volatile.Write(ref _idle, true);
            Interlocked.MemoryBarrier();
            if (!_queue.Reader.TryPeek(out _) && Volatile.Read(ref _line) == line)
                Monitor.Wait(_pump);
            Volatile.Write(ref _idle, false);
        }
    }

    private void WakePump()
    {
        Interlocked.MemoryBarrier();
        if (!Volatile.Read(ref _idle))
            return;
        lock (_pump)
            Monitor.Pulse(_pump);
    }

    private void StopPump()
    {
        Interlocked.Exchange(ref _line, null)?.Dispose();
        WakePump();
    }

    private void Acknowledged(FrameBatch batch, long started)
    {
        var frames = 0;
        foreach (var run in batch.Runs)
            frames += run.Frames.Length;
        LinkMetrics.Acknowledged(frames, _time.GetElapsedTime(started));
    }
}
