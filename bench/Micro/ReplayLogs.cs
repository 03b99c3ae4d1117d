using BenchmarkDotNet.Attributes;
using Connections.Core;

namespace Connections.Micro;

/// <summary>The log of a user whose window is full, as of every busy user.</summary>
public class ReplayLogs
{
    private readonly ReplayLog _log = new(new ReplayWindow(), Payloads.Epoch);

    /// <summary>Fills the window.</summary>
    public ReplayLogs()
    {
        for (var i = 0; i < 2_000; i++)
            _log.Append(FrameKind.Text, Payloads.Message, Payloads.At);
    }

    /// <summary>A message is stamped and kept, the oldest leaves.</summary>
    [Benchmark]
    public long Append() => _log.Append(FrameKind.Text, Payloads.Message, Payloads.At);

    /// <summary>The newest frame is read, as for a link that keeps up.</summary>
    [Benchmark]
    public Frame[] ReadOne() => _log.Read(_log.Top - 1, maxFrames: 1_024, maxBytes: 256 << 10);

    /// <summary>A hundred frames are read, as for a tab that comes back.</summary>
    [Benchmark]
    public Frame[] ReadHundred() => _log.Read(_log.Top - 100);
}
