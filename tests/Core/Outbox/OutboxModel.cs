namespace Connections.Core.Tests;

/// <summary>The outbox once more, from its description: it forgets nothing and looks everything up in the list of all messages.</summary>
internal sealed class OutboxModel(OutboxOptions options)
{
    private readonly List<Item> _items = [];
    private readonly List<string> _clientsByUse = [];

    public List<Item> Items => _items;

    public IEnumerable<Item> Pending => _items.Where(item => item.Final is null);

    public IEnumerable<Item> Waiting => Pending.Where(item => !item.UnderWay);

    public int Clients => _clientsByUse.Count;

    public long NextOf(string client) => 1 + _items.Count(item => item.Client == client && !item.Forgotten);

    public OutboxAnswer Offer(OutboxMessage message, OutboxRejection refusal, TimeSpan now)
    {
        Expire(now);
        var (client, sequence) = (message.Id.Client, message.Id.Sequence);
        var next = NextOf(client);
        if (_clientsByUse.Remove(client)) _clientsByUse.Add(client);
        if (sequence > next) return new(OutboxAnswerKind.Skipped, null, next);
        if (sequence < next) return new(OutboxAnswerKind.Repeated, new(message.Id, Remembered(message.Id, next)), null);

        var item = new Item(message, now);
        if (message.Payload.Length > options.MaxMessageBytes) item.Reject(OutboxRejection.TooLarge);
        else if (refusal != OutboxRejection.None) item.Reject(refusal);
        else if (Pending.Count() == options.MaxMessages) item.Reject(OutboxRejection.QueueFull);
        else if (Pending.Sum(other => other.Bytes) + item.Bytes > options.MaxBytes) item.Reject(OutboxRejection.QueueFull);
        if (next == 1) Welcome(client);
        _items.Add(item);
        return new(OutboxAnswerKind.New, new(message.Id, item.Final ?? new(OutboxStatus.Queued)), null);
    }

    public void Expire(TimeSpan now)
    {
        foreach (var item in Waiting.Where(item => item.AcceptedAt + options.TimeToLive <= now).ToList())
            item.Final = new(item.Unproven ? OutboxStatus.Unknown : OutboxStatus.Expired);
    }

    public void UpstreamLost()
    {
        foreach (var item in Pending.Where(item => item.UnderWay).ToList())
        {
            (item.UnderWay, item.Unproven) = (false, true);
            if (item.Message.Delivery == OutboxDelivery.AtMostOnce) item.Final = new(OutboxStatus.Unknown);
        }
    }

    private OutboxVerdict Remembered(OutboxMessageId id, long next)
    {
        var item = _items.Single(item => !item.Forgotten && item.Message.Id == id);
        if (item.Final is null) return new(OutboxStatus.Queued);
        return id.Sequence < next - options.MaxReceiptsPerClient ? new(OutboxStatus.Unknown) : item.Final.Value;
    }

    private void Welcome(string client)
    {
        var idle = _clientsByUse.FirstOrDefault(other => Pending.All(item => item.Client != other));
        if (_clientsByUse.Count >= options.MaxClients && idle is not null)
        {
            _clientsByUse.Remove(idle);
            foreach (var item in _items.Where(item => item.Client == idle)) item.Forgotten = true;
        }

        _clientsByUse.Add(client);
    }

    internal sealed class Item(OutboxMessage message, TimeSpan acceptedAt)
    {
        public OutboxMessage Message => message;

        public TimeSpan AcceptedAt => acceptedAt;

        public string Client => message.Id.Client;

        public int Bytes => message.Payload.Length;

        public bool UnderWay { get; set; }

        public bool Unproven { get; set; }

        /// <summary>Its client was forgotten, and the id may come again.</summary>
        public bool Forgotten { get; set; }

        public OutboxVerdict? Final { get; set; }

        public void Reject(OutboxRejection why) => Final = new(OutboxStatus.Rejected, why);
    }
}
