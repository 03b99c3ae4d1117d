using Connections.WebFront.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Connections.WebFront.Tests;

/// <summary>A crowd that comes in one moment is asked for in turn, and who waits for a silo that does not answer is not in the way of others.</summary>
public sealed class AttachingInTurn
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly AttachGate _gate;

    public AttachingInTurn() => _gate = new AttachGate(_time);

    [Fact]
    public async Task Who_comes_when_all_places_are_taken_goes_when_a_call_has_ended()
    {
        var calls = await FillAsync(anew: false);
        var (next, overNext) = (_gate.EnterAsync(anew: false), _gate.EnterAsync(anew: false));
        Assert.False(next.IsCompleted);

        calls[5].SetResult(1);
        await next.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(overNext.IsCompleted);

        calls[9].SetException(new TimeoutException());
        await overNext.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_that_is_not_answered_keeps_its_place_for_a_while_only()
    {
        await FillAsync(anew: false);
        var next = _gate.EnterAsync(anew: false);

        _time.Advance(AttachGate.KeepsItsPlace - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_place_is_given_back_once_however_late_the_answer_comes()
    {
        var calls = await FillAsync(anew: false);
        _time.Advance(AttachGate.KeepsItsPlace);
        var others = await FillAsync(anew: false);
        foreach (var call in calls)
            call.SetResult(1);
        var next = _gate.EnterAsync(anew: false);
        Assert.False(next.IsCompleted);

        others[0].SetResult(1);
        await next.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Users_of_a_silo_that_is_gone_are_not_in_the_way_of_those_who_come()
    {
        await FillAsync(anew: true);
        Assert.False(_gate.EnterAsync(anew: true).IsCompleted);
        Assert.True(_gate.EnterAsync(anew: false).IsCompleted);
    }

    [Fact]
    public async Task Who_has_gone_meanwhile_and_who_cannot_even_ask_give_their_places_back()
    {
        for (var i = 0; i < 2 * AttachGate.AtOnce; i++)
        {
            await _gate.EnterAsync(anew: false).WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (i % 2 == 0)
                _gate.Leave(anew: false);
            else
                await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.Ask<int>(() => throw new InvalidOperationException(), anew: false));
        }
    }

    private async Task<TaskCompletionSource<int>[]> FillAsync(bool anew)
    {
        var calls = Enumerable.Range(0, AttachGate.AtOnce).Select(_ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        foreach (var call in calls)
        {
            await _gate.EnterAsync(anew).WaitAsync(Patience, TestContext.Current.CancellationToken);
            _ = _gate.Ask(() => call.Task, anew);
        }

        return calls;
    }
}
