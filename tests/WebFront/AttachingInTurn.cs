using System.Collections.Concurrent;
using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Testing;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Connections.WebFront.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Connections.WebFront.Tests;

/// <summary>A crowd that comes in one moment is asked for in turn, and who gets no answer is not in the way of others for long.</summary>
public sealed class AttachingInTurn : IServiceProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<(string User, TaskCompletionSource<AttachReply> Answer)> _asked = [];
    private readonly ConcurrentQueue<string> _detached = [];
    private readonly SessionRegistry _registry;

    public AttachingInTurn()
    {
        var options = Options.Create(new FrontOptions());
        var watch = new SiloWatch(options, _time);
        var cluster = Stub.Of<IClusterClient>((method, args) =>
            method.Name == nameof(IGrainFactory.GetGrain) ? Grain((string)args![0]!) : Stub.Of<IFrontSink>((_, _) => throw new NotSupportedException()));
        var sink = new FrontSink(cluster, watch, this);
        var direct = new DirectLinks(sink, null!, _time, NullLogger<DirectLink>.Instance);
        var services = new SessionServices(cluster, sink, direct, watch, options, _time, NullLogger<UserSession>.Instance);
        _registry = new SessionRegistry(services, new TokenLeases(new Revocations(), _time), options, _time);
    }

    [Fact]
    public async Task Of_a_crowd_a_part_is_asked_for_and_the_next_when_one_is_answered()
    {
        Come(AttachGate.AtOnce + 2);
        await Asks(AttachGate.AtOnce);

        Answer(5);
        await Asks(AttachGate.AtOnce + 1);
        _asked.ElementAt(9).Answer.SetException(new TimeoutException());
        await Asks(AttachGate.AtOnce + 2);
        Assert.Equal(_asked.Count, _asked.Select(a => a.User).Distinct().Count());
    }

    [Fact]
    public async Task Who_gets_no_answer_gives_way_and_is_not_given_way_twice_when_it_comes_late()
    {
        Come(3 * AttachGate.AtOnce);
        _time.Advance(AnswerTimes.Most - Moment);
        await Asks(AttachGate.AtOnce);
        _time.Advance(Moment);
        await Asks(2 * AttachGate.AtOnce);

        for (var i = 0; i < AttachGate.AtOnce; i++)
            Answer(i);
        await Asks(2 * AttachGate.AtOnce);
    }

    [Fact]
    public async Task Where_others_are_answered_fast_one_that_is_not_gives_way_soon()
    {
        Come(AttachGate.AtOnce);
        await Asks(AttachGate.AtOnce);
        for (var i = 0; i < AttachGate.AtOnce; i++)
            Answer(i);
        Come(2 * AttachGate.AtOnce, "hung");
        await Asks(2 * AttachGate.AtOnce);

        _time.Advance(AnswerTimes.Least);
        await Asks(3 * AttachGate.AtOnce);
    }

    [Fact]
    public async Task Users_that_are_attached_anew_are_not_in_the_way_of_those_who_come()
    {
        var tabs = Come(AttachGate.AtOnce);
        await Asks(AttachGate.AtOnce);
        for (var i = 0; i < AttachGate.AtOnce; i++)
            Answer(i);
        await Eventually.HoldsAsync(() => tabs.All(t => t.Session.Silo is not null), "all are attached");
        foreach (var tab in tabs)
            tab.Session.AttachAnew("its silo is silent");
        await Asks(2 * AttachGate.AtOnce);

        Come(1, "newcomer");
        await Asks((2 * AttachGate.AtOnce) + 1);
    }

    [Fact]
    public async Task Who_has_gone_while_it_waited_is_not_asked_for_and_there_is_nothing_to_take_back()
    {
        var tabs = Come(2 * AttachGate.AtOnce);
        foreach (var tab in tabs.Skip(AttachGate.AtOnce))
            _registry.Remove(tab);
        Come(1, "newcomer");
        Answer(0);

        await Asks(AttachGate.AtOnce + 1);
        Assert.Equal("newcomer-0", _asked.Last().User);
        Assert.Empty(_detached);
    }

    object? IServiceProvider.GetService(Type serviceType) => null;

    private Tab[] Come(int users, string name = "user")
    {
        var tabs = Enumerable.Range(0, users).Select(i => _registry.Add(new Caller(UserId.TryParse($"{name}-{i}", out var id) ? id : default!, null, null), new Nobody())).ToArray();
        foreach (var tab in tabs)
            _ = tab.Session.OpenAsync(tab, null, TestContext.Current.CancellationToken);
        return tabs;
    }

    private void Answer(int index) => _asked.ElementAt(index).Answer.SetResult(new AttachReply
    {
        Silo = "silo",
        Generation = 1,
        Read = new ReadReply { Epoch = 1, First = 1, Top = 0, Refusal = Refusal.None, Frames = [] },
        State = new ConnectionState
        {
            Upstream = UpstreamStatus.Open,
            Since = 0,
            Breaker = new BreakerStateView(BreakerState.Closed, 0, 0, null),
            Epoch = 1,
            Top = 0,
            Generation = 1,
            Fronts = 1,
            Tabs = 1,
        },
        Tabs = int.MaxValue,
    });

    // So many, and no more.
    private async Task Asks(int count)
    {
        await Eventually.HoldsAsync(() => _asked.Count >= count, $"{count} are asked for", seen: () => $"{_asked.Count}");
        await Eventually.StaysAsync(() => Task.FromResult(_asked.Count == count), $"no more than {count} are", TimeSpan.FromMilliseconds(100));
    }

    private IUserConnectionGrain Grain(string user) => Stub.Of<IUserConnectionGrain>((method, _) =>
    {
        if (method.Name is nameof(IUserConnectionGrain.Detach) or nameof(IUserConnectionGrain.Expire))
            _detached.Enqueue(user);
        if (method.Name != nameof(IUserConnectionGrain.Attach))
            return Task.CompletedTask;
        var answer = new TaskCompletionSource<AttachReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue((user, answer));
        return answer.Task;
    });

    private sealed class Nobody : ITabWriter
    {
        public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range) => default;

        public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) => default;

        public ValueTask WriteReceiptAsync(Receipt receipt) => default;

        public ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter) => default;
    }
}
