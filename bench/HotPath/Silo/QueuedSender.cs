namespace Connections.HotPath.Silo;

/// <summary>
/// Sends each user's messages one by one, each when the one before is acknowledged, because Orleans reorders otherwise. Messages wait in
/// a queue per user meanwhile.
/// </summary>
internal sealed class QueuedSender : ISender
{
    private readonly Lane[] _lanes;

    /// <summary>Makes the queues.</summary>
    /// <param name="users">How many.</param>
    /// <param name="send">Sends one message of a user; completes when it is acknowledged.</param>
    public QueuedSender(int users, Func<int, byte[], Task> send) =>
        _lanes = Array.ConvertAll([.. Enumerable.Range(0, users)], user => new Lane(message => send(user, message)));

    /// <inheritdoc/>
    public void Send(int user, byte[] message) => _lanes[user].Add(message);

    private sealed class Lane(Func<byte[], Task> send)
    {
        private readonly Queue<byte[]> _waiting = [];
        private bool _running;

        public void Add(byte[] message)
        {
            lock (_waiting)
            {
                _waiting.Enqueue(message);
                if (_running)
                    return;
                _running = true;
            }

            _ = RunAsync();
        }

        private async Task RunAsync()
        {
            while (true)
            {
                byte[]? next;
                lock (_waiting)
                {
                    if (!_waiting.TryDequeue(out next))
                    {
                        _running = false;
                        return;
                    }
                }

                try
                {
                    await send(next);
                }
                catch (Exception e) when (e is TimeoutException or OrleansException)
                {
                    // Counts as lost.
                }
            }
        }
    }
}
