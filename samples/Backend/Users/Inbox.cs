namespace Connections.Backend.Users;

/// <summary>The last messages of a user: at most 1,000, and at most 4 MiB of them.</summary>
internal sealed class Inbox
{
    private const int MaxMessages = 1_000;
    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<ReceivedMessage> _messages = new();
    private long _bytes;

    internal void Add(ReceivedMessage message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            _bytes += message.Bytes;
            while (_messages.Count > MaxMessages || (_bytes > MaxBytes && _messages.Count > 1))
                _bytes -= _messages.Dequeue().Bytes;
        }
    }

    internal ReceivedMessage[] ToArray()
    {
        lock (_lock)
            return [.. _messages];
    }
}
