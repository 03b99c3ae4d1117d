namespace Connections.Simulation.Tests.World;

/// <summary>
/// Runs the tasks of one actor in a simulated process. In order, as Orleans runs those of an activation; or in any, as a thread pool may.
/// </summary>
internal sealed class Lane(Node node, bool inOrder) : TaskScheduler
{
    private readonly List<Task> _waiting = [];
    private bool _ready;

    /// <summary>The process of the code that runs now.</summary>
    public static Node CurrentNode => ((Lane)Current).Node;

    public Node Node => node;

    /// <summary>Runs code here, now or when its turn comes. What it throws is a failure of the simulation.</summary>
    public void Post(Action what) =>
        _ = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    what();
                }
                catch (Exception e)
                {
                    node.Loop.Failure ??= e;
                }
            },
            CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>The process goes on, or has stopped: whether the tasks here can run has changed.</summary>
    public void Changed()
    {
        if (node.Dead)
            _waiting.Clear();
        if (_ready && !node.Runs)
        {
            _ready = false;
            node.Loop.NotReady(this);
        }
        else
        {
            GetReady();
        }
    }

    /// <summary>Runs one task.</summary>
    /// <returns>Whether there are more.</returns>
    public bool RunOne()
    {
        var at = inOrder || _waiting.Count == 1 ? 0 : node.Loop.Random.Next(_waiting.Count);
        var task = _waiting[at];
        _waiting.RemoveAt(at);
        TryExecuteTask(task);
        return _ready = _ready && _waiting.Count > 0;
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (node.Dead)
            return;
        _waiting.Add(task);
        GetReady();
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _waiting;

    private void GetReady()
    {
        if (_ready || _waiting.Count == 0 || !node.Runs)
            return;
        _ready = true;
        node.Loop.Ready(this);
    }
}
