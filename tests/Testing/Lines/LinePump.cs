using System.Threading.Channels;

namespace Connections.Testing.Lines;

/// <summary>One way of one connection of a line: takes bytes, and hands them on when they are due.</summary>
internal sealed class LinePump(Stream from, Stream to, Func<LineFault> fault, bool isUp)
{
    private const int ChunkBytes = 16 << 10;
    private const int MaxChunksUnderWay = 64;

    private static readonly TimeSpan HoldPoll = TimeSpan.FromMilliseconds(20);

    private readonly Channel<(byte[] Bytes, long Due)> _underWay = Channel.CreateBounded<(byte[], long)>(MaxChunksUnderWay);
    private readonly TimeProvider _time = TimeProvider.System;
    private LineFault? _cutting;
    private long _passed;

    /// <summary>Pumps until one of the ends is gone.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (reading, writing) = (ReadAsync(ended.Token), WriteAsync(ended.Token));
        if (await Task.WhenAny(reading, writing) == writing)
            await ended.CancelAsync();
        await Task.WhenAll(reading, writing);
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            while (await from.ReadAsync(buffer, ct) is > 0 and var read)
            {
                var now = fault();
                var delay = now.Latency + (now.Jitter * Random.Shared.NextDouble());
                await _underWay.Writer.WriteAsync((buffer[..read], _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency)), ct);
            }
        }
        finally
        {
            _underWay.Writer.TryComplete();
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        await foreach (var (bytes, due) in _underWay.Reader.ReadAllAsync(ct))
        {
            if (_time.GetElapsedTime(_time.GetTimestamp(), due) is { Ticks: > 0 } wait)
                await Task.Delay(wait, _time, ct);
            while (fault().Holds(isUp))
                await Task.Delay(HoldPoll, _time, ct);
            await HandOnAsync(bytes, fault(), ct);
        }
    }

    private async Task HandOnAsync(ReadOnlyMemory<byte> bytes, LineFault now, CancellationToken ct)
    {
        if (now.CutAfter is { } limit && !isUp)
        {
            if (_cutting != now)
                (_cutting, _passed) = (now, 0);
            var left = (int)Math.Min(bytes.Length, limit - _passed);
            await to.WriteAsync(bytes[..left], ct);
            _passed += left;
            if (_passed >= limit)
                throw new IOException("The line is cut here.");
            return;
        }

        var step = now.SplitAt > 0 ? now.SplitAt : bytes.Length;
        for (var at = 0; at < bytes.Length; at += step)
            await to.WriteAsync(bytes.Slice(at, Math.Min(step, bytes.Length - at)), ct);
    }
}
