using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Delivery.Direct;
using Connections.Grains.Telemetry;

namespace Connections.Grains.Delivery;

/// <summary>
/// While the front has a direct line: whoever brings a message to a link that is not busy writes it to the line himself, and takes the answers to earlier ones
/// that are there. Where there is something to wait for (answers that are owed for long, more than the kernel takes at once), a thread of the link's own goes
/// on, and batches grow by what comes meanwhile. At a few thousand messages a second waking it costs more than what it does (docs/performance.md).
/// The front answers only what asks, and with it all that was written before: what nobody waits for asks now and then, what the thread writes always.
/// </summary>
internal sealed partial class FrontLink
{
    // What a thread writes that is not the link's own must not wait, so what is on its way without an answer is far less than what a socket takes (16 kB at first).
    private const int MaxOpenHere = 8;
    private const int MaxRunsHere = 16;
    private const int MaxBytesHere = 8 << 10;

    // Half of it asks for an answer, which is mostly there before the other half is open; looking at several answers, too, costs as much as at one.
    private const int ManyOpenHere = MaxOpenHere / 2;
    private const int ManyBytesHere = MaxBytesHere / 2;

    // A user's next message that finds the last one open costs more than answers do. Where it happened once (few users, or one who gets much) so many batches ask.
    private const int AsksAfterConflict = 16;

    private readonly LinkTurn _turn = new();
    private DirectLine? _line;

    // What belongs to whoever has the turn: the line that the thread serves, what was composed and is not yet written, the bytes of what is open on the line,
    // for each answer that is to come how many open batches it stands for, and those (with their bytes) since the last that asked.
    private readonly Queue<int> _asked = [];
    private DirectLine? _served;
    private OpenBatch? _next;
    private int _openBytes;
    private int _unasked;
    private int _unaskedBytes;
    private int _eager;

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

    private bool HasWork => _queue.Reader.Count > 0 || Volatile.Read(ref _line) != _served;

    // Completes when the line is of no more use; batches whose outcome is unknown are open then.
    private Task PumpAsync(DirectLine line)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            // What nobody catches on a thread ends the process, and with it all users of this silo.
            try
            {
                Pump(line);
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        })
        { IsBackground = true, Name = "link" }.Start();
        return ended.Task;
    }

    private void Pump(DirectLine line)
    {
        _served = line;
        while (Volatile.Read(ref _line) == line)
        {
            // What is written asks for all that is open. Where there is nothing to write, an empty batch does.
            if (_next is null && _queue.Reader.Count > 0)
                _next = Compose(MaxRuns, MaxBytesPerBatch);
            if (_next is null && _unasked > 0)
                _next = Numbered([], [], bytes: 0, beats: true);
            try
            {
                if (_next is not null)
                    WriteNext(line, asks: true);
                while (_open.Count > 0)
                    TakeAnswer(line);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Break(line, e);
                break;
            }

            if (_queue.Reader.Count == 0)
                WaitForWork();
        }

        if (_next is not null)
            _open.Enqueue(_next.Value);
        (_served, _next, _openBytes, _unasked, _unaskedBytes) = (null, null, 0, 0, 0);
        _asked.Clear();
    }

    private void WaitForWork()
    {
        _turn.Leave();
        if (!HasWork || !_turn.TryTake())
            _turn.Await();
    }

    // Something was queued, or the line has changed.
    private void OnWork()
    {
        while (_turn.TryTake())
        {
            if (!TryWriteHere())
            {
                _turn.HandOver();
                return;
            }

            _turn.Leave();
            if (!HasWork)
                return;
        }
    }

    // False when what comes next may have to wait, and is for the link's own thread.
    private bool TryWriteHere()
    {
        if (_served is not { } line || Volatile.Read(ref _line) != line)
            return false;
        try
        {
            if (_open.Count >= ManyOpenHere || _openBytes >= ManyBytesHere)
                TakeAnswers(line);
            if (_open.Count >= MaxOpenHere || _openBytes >= MaxBytesHere)
                return false;
            _next = Compose(MaxRunsHere, MaxBytesHere);

            // Whoever is still in the queue has a run in flight.
            if (_next is not { } batch)
            {
                if (_queue.Reader.Count == 0 || TakeAnswers(line))
                    return true;
                _eager = AsksAfterConflict;
                return false;
            }

            // A front that has not answered by the next beat may hang: the thread waits for it, and finds out.
            if (batch.Beats)
                TakeAnswers(line);
            if (_openBytes + batch.Bytes > MaxBytesHere || (batch.Beats && _asked.Count > 0))
                return false;
            var awaited = batch.IsAwaited;
            WriteNext(line, asks: awaited || batch.Beats || _eager > 0 || _unasked + 1 >= ManyOpenHere || _unaskedBytes + batch.Bytes >= ManyBytesHere);
            _eager = Math.Max(0, _eager - 1);
            return !awaited;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(line, e);
            return false;
        }
    }

    private void WriteNext(DirectLine line, bool asks)
    {
        // Open before it is written: when that fails part of it may have left.
        var batch = _next!.Value;
        _next = null;
        _open.Enqueue(batch);
        _openBytes += batch.Bytes;
        (_unasked, _unaskedBytes) = (_unasked + 1, _unaskedBytes + batch.Bytes);
        if (asks)
        {
            _asked.Enqueue(_unasked);
            (_unasked, _unaskedBytes) = (0, 0);
        }

        line.Write(batch.Batch, asks);
    }

    // Those that are there.
    private bool TakeAnswers(DirectLine line)
    {
        var any = false;
        for (; _asked.Count > 0 && line.HasAnswer; any = true)
            TakeAnswer(line);
        return any;
    }

    private void TakeAnswer(DirectLine line)
    {
        var began = _time.GetTimestamp();
        var ack = line.Answer();
        var waited = _time.GetElapsedTime(began);
        for (var settled = _asked.Dequeue(); settled > 0; settled--)
        {
            var batch = _open.Peek();
            _openBytes -= batch.Bytes;
            Acknowledged(batch.Batch, waited);
            Settle(ack);

            // Nobody has waited longer for having several answered at once.
            waited = TimeSpan.Zero;
        }
    }

    private void Break(DirectLine line, Exception e)
    {
        Interlocked.CompareExchange(ref _line, null, line);
        line.Dispose();
        Log.LineBroke(_logger, FrontId, e.Message);
    }

    private void StopPump()
    {
        Interlocked.Exchange(ref _line, null)?.Dispose();
        OnWork();
    }

    private static void Acknowledged(FrameBatch batch, TimeSpan waited)
    {
        var frames = 0;
        foreach (var run in batch.Runs)
            frames += run.Frames.Length;
        LinkMetrics.Acknowledged(frames, waited);
    }
}
