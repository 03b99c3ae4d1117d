using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Tests;

/// <summary>Keeps what a silo logged: for the message of a failure, and as a condition where nothing else tells.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> _entries = [];

    /// <summary>How often an entry with this number was written.</summary>
    public int Count(int eventId) => _entries.Count(e => e.Id.Id == eventId);

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Connections", StringComparison.Ordinal) ? new Writer(this) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _entries.Select(e => e.Text));

    private sealed class Writer(LogBook book) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book._entries.Enqueue((eventId, $"{logLevel}: {formatter(state, exception)} {exception}"));
    }
}
