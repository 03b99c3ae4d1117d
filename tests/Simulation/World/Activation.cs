using Connections.Core;
using Connections.Grains;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Delivery;

namespace Connections.Simulation.Tests.World;

/// <summary>
/// A user's grain on a silo as Orleans keeps it: the real <see cref="UserConnection"/>, in turns; calls that come while it begins or ends wait,
/// and go to the next one if need be.
/// </summary>
internal sealed class Activation : IActivation
{
    private readonly Cluster _cluster;
    private readonly Lane _lane;
    private readonly List<Action<Activation?>> _waiting = [];
    private UserConnection? _connection;
    private int _running;
    private bool _ending;
    private Silo? _moveTo;

    public Activation(Cluster cluster, Silo silo, UserId user, CarriedLog? carried)
    {
        _cluster = cluster;
        Silo = silo;
        User = user;
        Name = $"{silo.Node.Name}/{cluster.NextActivation()}";
        _lane = silo.Node.NewLane(inOrder: true);
        Run(() => BeginAsync(carried));
    }

    public Silo Silo { get; }

    public UserId User { get; }

    public string Name { get; }

    /// <summary>How the connection stands, as its owner sees it.</summary>
    public ConnectionState? State => _connection?.State;

    /// <summary>Serves a call here, or says that there is no activation any more (null).</summary>
    public void Enter(Action<Activation?> call)
    {
        if (_connection is null || _ending)
            _waiting.Add(call);
        else
            call(this);
    }

    /// <summary>Serves a call that has entered.</summary>
    public void Serve<T>(Network.Served<T> call, Func<UserConnection, Task<T>> serve)
    {
        _running++;
        call.By(_lane, () => serve(_connection!), () =>
        {
            _running--;
            EndIfIdle();
        });
    }

    /// <inheritdoc/>
    public void Deactivate()
    {
        if (_ending)
            return;
        _ending = true;
        EndIfIdle();
    }

    /// <summary>It goes on on another silo.</summary>
    public void Move(Silo to)
    {
        _moveTo ??= to;
        _lane.Post(Deactivate);
    }

    /// <inheritdoc/>
    public IDisposable StartTimer(TimeSpan due, Action callback) =>
        Silo.Node.Time.CreateTimer(_ => _lane.Post(callback), null, due, Timeout.InfiniteTimeSpan);

    private void Run(Func<Task> what) => _ = Task.Factory.StartNew(what, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _lane);

    private async Task BeginAsync(CarriedLog? carried)
    {
        var storage = new StoredState(_cluster.Store, Silo.Node, User.Value);
        try
        {
            await storage.ReadStateAsync();
        }
        catch (TimeoutException)
        {
            _cluster.Gone(this, null, null);
            Release(null);
            return;
        }

        _connection = new UserConnection(User, this, storage, carried, Silo.Services);

        // It may have been told to end before it had begun.
        if (_ending)
            EndIfIdle();
        else
            Release(this);
    }

    private void EndIfIdle()
    {
        if (_ending && _running == 0 && _connection is { } ends)
        {
            _running = int.MinValue / 2;
            Run(() => EndAsync(ends));
        }
    }

    private async Task EndAsync(UserConnection ends)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), Silo.Node.Time);
        var carried = await ends.LeaveAsync(DeactivationReasonCode.ApplicationRequested, limit.Token);
        _cluster.Gone(this, _moveTo, carried);
        Release(null);
    }

    private void Release(Activation? here)
    {
        Action<Activation?>[] waiting = [.. _waiting];
        _waiting.Clear();
        Array.ForEach(waiting, call => call(here));
    }
}
