using System.Globalization;
using System.Text.Json;
using Connections.Testing.History.Events;

namespace Connections.Testing.History;

/// <summary>
/// Writes what a process saw, for <see cref="RecordedHistory.Read"/>: JSON lines, each in one write to the kernel, so that a process that is
/// killed loses nothing that it wrote and at most tears its last line. Thread-safe: the lock gives lines their order.
/// </summary>
public sealed class HistoryWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly string _process;
    private long _lines;

    private HistoryWriter(FileStream file, string process, TimeProvider time)
    {
        _file = file;
        _process = process;
        _time = time;
    }

    /// <summary>Makes a file of its own for this start of the process.</summary>
    /// <param name="directory">Where all processes of a run write; made if it is not there.</param>
    /// <param name="process">Who writes, such as <c>backend</c>; the process id is added, so that a restart is another writer.</param>
    /// <param name="time">The clock; the machine's by default. All processes of a history have one clock.</param>
    public static HistoryWriter Create(string directory, string process, TimeProvider? time = null)
    {
        Directory.CreateDirectory(directory);
        for (var attempt = 0; ; attempt++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{process}-{Environment.ProcessId}{(attempt == 0 ? "" : $"-{attempt}")}");
            var path = Path.Combine(directory, name + RecordedHistory.Extension);
            try
            {
                // No buffer of ours: what was written survives the process.
                return new HistoryWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), name, time ?? TimeProvider.System);
            }
            catch (IOException) when (File.Exists(path) && attempt < 1_000)
            {
                // Another writer of this process has the name.
            }
        }
    }

    /// <summary>Writes an event with its time; returns when the kernel has it.</summary>
    public void Write(HistoryEvent what)
    {
        lock (_gate)
        {
            var at = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            var json = JsonSerializer.SerializeToUtf8Bytes(new HistoryLine(_process, _lines + 1, at, what), HistoryJson.Options);
            Array.Resize(ref json, json.Length + 1);
            json[^1] = (byte)'\n';
            _file.Write(json);
            _lines++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }
}
