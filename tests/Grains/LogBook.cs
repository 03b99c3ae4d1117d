using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Tests;

/// <summary>Keeps what a silo logged: for the message of a failure, and as a condition where nothing else tells.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> _entries = [];
    private readonly ConcurrentQueue<string> _errors = [];

    /// <summary>The errors, those of Orleans too.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>How often an entry with this number was written.</summary>
    public int Count(int eventId) => _entries.Count(e => e.Id.Id == eventId);

    public ILogger CreateLogger(string categoryName) =>
        new Writer(this, categoryName.StartsWith("Connections", StringComparison.Ordinal) ? LogLevel.Trace : LogLevel.Error);

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _entries.Select(e => e.Text));

    private sealed class Writer(LogBook book, LogLevel from) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = $"{logLevel}: {formatter(state, exception)} {exception}";
            book._entries.Enqueue((eventId, text));
            if (logLevel >= LogLevel.Error)
                book._errors.Enqueue(text);
        }
    }
}
