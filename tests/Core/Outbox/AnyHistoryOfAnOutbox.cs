using CsCheck;

using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>The outbox and the model live through the same random faults: every message gets exactly one final status.</summary>
public sealed class AnyHistoryOfAnOutbox
{
    private static readonly OutboxOptions Small = new()
    {
        MaxMessages = 6,
        MaxBytes = 100,
        MaxMessageBytes = 40,
        TimeToLive = TimeSpan.FromSeconds(10),
        MaxReceiptsPerClient = 5,
        MaxClients = 3,
    };

    private static readonly Gen<(int Kind, int Value)[]> AnyHistory =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 999_999]).Array[20, 150];

    [Fact]
    public void Every_message_gets_exactly_one_final_status_and_the_right_one()
    {
        var fates = new long[Enum.GetValues<OutboxStatus>().Length];
        long repeated = 0, skipped = 0, forgotten = 0;
        AnyHistory.Sample(
            steps =>
            {
                var life = new Life();
                foreach (var (kind, value) in steps) life.Step(kind, value);
                life.Finish();
                foreach (var item in life.Model.Items) Interlocked.Increment(ref fates[(int)item.Final!.Value.Status]);
                Interlocked.Add(ref repeated, life.Repeated);
                Interlocked.Add(ref skipped, life.Skipped);
                Interlocked.Add(ref forgotten, life.Model.Items.Count(item => item.Forgotten));
            },
            iter: 5_000);

        var summary = $"{fates.Sum()} messages: {string.Join(", ", fates)}; {repeated} repeated, {skipped} skipped, {forgotten} forgotten";
        Assert.True(fates.Sum() > 100_000, summary);
        Assert.True(fates.Skip(1).Append(repeated).Append(skipped).Append(forgotten).All(count => count > 2_000), summary);
    }

    private sealed class Life
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly DateTimeOffset _start;
        private readonly List<OutboxHandover> _handovers = [];
        private readonly List<OutboxReceipt> _settled = [];
        private Outbox _outbox;

        public Life()
        {
            _start = _clock.GetUtcNow();
            _outbox = Begin(null);
        }

        public OutboxModel Model { get; } = new(Small);

        public int Repeated { get; private set; }

        public int Skipped { get; private set; }

        private TimeSpan Now => _clock.GetUtcNow() - _start;

        public void Step(int kind, int value)
        {
            // What is final now stays final: whatever settles in this step must have been pending before it.
            var pending = Model.Pending.ToList();
            switch (kind)
            {
                case < 40:
                    Offer(value);
                    break;
                case < 60:
                    Take();
                    break;
                case < 75:
                    if (_handovers.Count > 0) MarkSent(_handovers[value % _handovers.Count]);
                    break;
                case < 80:
                    if (_handovers.Count > 0) PutBack(_handovers[value % _handovers.Count]);
                    break;
                case < 85:
                    _outbox.UpstreamLost();
                    Model.UpstreamLost();
                    break;
                case < 94:
                    _clock.Advance(TimeSpan.FromSeconds(value % 5));
                    break;
                case < 97:
                    _outbox.Expire();
                    Model.Expire(Now);
                    break;
                default:
                    Restart();
                    break;
            }

            Compare(pending);
        }

        /// <summary>The upstream is back: all that still waits goes out, in order.</summary>
        public void Finish()
        {
            var pending = Model.Pending.ToList();
            _outbox.UpstreamLost();
            Model.UpstreamLost();
            _outbox.Expire();
            Model.Expire(Now);
            while (_outbox.Count > 0)
            {
                Take();
                MarkSent(_handovers[^1]);
            }

            Compare(pending);
            Assert.All(Model.Items, item => Assert.NotNull(item.Final));
            Assert.Equal((0, 0), (_outbox.Bytes, _outbox.UnderWay));
        }

        private void Offer(int value)
        {
            var client = $"c{value % 6}";
            var (how, refused, size) = (value / 6 % 10, value / 60 % 20, value / 1_200 % 45);
            var next = Model.NextOf(client);
            var sequence = how switch
            {
                7 => Math.Max(1, next - 1 - value % 8),
                8 => next + 1 + value % 3,
                _ => next,
            };
            var delivery = value / 54_000 % 2 == 0 ? OutboxDelivery.AtMostOnce : OutboxDelivery.AtLeastOnce;
            var refusal = refused switch { 0 => OutboxRejection.Rate, 1 => OutboxRejection.BreakerOpen, _ => OutboxRejection.None };
            var message = OutboxRig.Message(client, sequence, size, delivery);

            var answer = _outbox.Offer(message, refusal);
            Assert.Equal(Model.Offer(message, refusal, Now), answer);
            if (answer.Kind == OutboxAnswerKind.Repeated) Repeated++;
            if (answer.Kind == OutboxAnswerKind.Skipped) Skipped++;
        }

        private void Take()
        {
            Model.Expire(Now);
            var first = Model.Waiting.FirstOrDefault();
            Assert.Equal(first is not null, _outbox.TryTake(out var handover));
            if (first is null) return;
            Assert.Same(first.Message, handover.Message);
            first.UnderWay = true;
            _handovers.Add(handover);
        }

        // May be any hand-over of the past: only the last one of a message that is still under way counts.
        private OutboxModel.Item? Current(OutboxHandover handover) =>
            Model.Pending.SingleOrDefault(item =>
                item.UnderWay
                && ReferenceEquals(item.Message, handover.Message)
                && _handovers.FindLast(other => ReferenceEquals(other.Message, handover.Message)) == handover);

        private void MarkSent(OutboxHandover handover)
        {
            var item = Current(handover);
            Assert.Equal(item is not null, _outbox.MarkSent(handover));
            if (item is null) return;
            item.UnderWay = false;
            item.Final = new(OutboxStatus.Sent);
        }

        private void PutBack(OutboxHandover handover)
        {
            var item = Current(handover);
            Assert.Equal(item is not null, _outbox.PutBack(handover));
            if (item is not null) item.UnderWay = false;
        }

        private void Restart()
        {
            _outbox = Begin(_outbox.Save());
            _handovers.Clear();
            _outbox.UpstreamLost();
            Model.UpstreamLost();
        }

        private Outbox Begin(OutboxContent? stored)
        {
            var outbox = new Outbox(Small, _clock, stored);
            outbox.Settled += _settled.Add;
            return outbox;
        }

        private void Compare(List<OutboxModel.Item> pendingBefore)
        {
            var expected = pendingBefore
                .Where(item => item.Final is not null)
                .Select(item => new OutboxReceipt(item.Message.Id, item.Final!.Value));
            Assert.Equal(expected.OrderBy(Key), _settled.OrderBy(Key));
            _settled.Clear();

            Assert.Equal(Model.Pending.Select(item => item.Message), _outbox.Save().Messages.Select(entry => entry.Message));
            Assert.Equal(Model.Pending.Count(item => item.UnderWay), _outbox.UnderWay);
            Assert.Equal(Model.Pending.Sum(item => item.Bytes), _outbox.Bytes);
            Assert.Equal(Model.Clients, _outbox.Clients);
            Assert.True(_outbox.Count <= Small.MaxMessages && _outbox.Bytes <= Small.MaxBytes);
            Assert.True(_outbox.Clients <= Math.Max(Small.MaxClients, Small.MaxMessages + 1));

            static string Key(OutboxReceipt receipt) => receipt.Id.ToString();
        }
    }
}
