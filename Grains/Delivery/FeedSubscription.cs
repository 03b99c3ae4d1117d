using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Delivery;

/// <summary>One front's attachment to one user: a cursor on the user's log, and no queue of its own.</summary>
internal sealed class FeedSubscription(UserFeed feed, FrontLink link, long attachId)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _queued;

    /// <summary>What it reads.</summary>
    public UserFeed Feed => feed;

    /// <summary>The front.</summary>
    public string FrontId => link.FrontId;

    /// <summary>The link's name.</summary>
    public string LinkName => link.Name;

    /// <summary>Which attachment of the front.</summary>
    public long AttachId => attachId;

    /// <summary>How many tabs the front holds for the user.</summary>
    public int Tabs { get; set; }

    /// <summary>The last offset that the front has acknowledged.</summary>
    public long Cursor { get; private set; }

    /// <summary>The last state that the front has acknowledged.</summary>
    public int StateVersion { get; private set; }

    /// <summary>The last late receipt that the front has acknowledged.</summary>
    public long ReceiptCursor { get; private set; }

    /// <summary>Whether the front is to be told to attach anew.</summary>
    public bool ReleaseWanted { get; private set; }

    /// <summary>Sets where it starts; the reply to the attach has everything up to there.</summary>
    public void Start(long cursor, int stateVersion, long receiptCursor)
    {
        Cursor = cursor;
        StateVersion = stateVersion;
        ReceiptCursor = receiptCursor;
    }

    /// <summary>From now on the link tells when the front is lost.</summary>
    public void Begin() => link.Add(this);

    /// <summary>Replaced, detached or closed: the link forgets it, and whoever waits for its release need not.</summary>
    public void End()
    {
        link.Remove(this);
        _released.TrySetResult();
    }

    /// <summary>The feed ends: unless the front was told to attach anew, the link tells it.</summary>
    public void Farewell(long generation, ulong epoch)
    {
        if (!_released.Task.IsCompleted)
            link.Farewell(new FeedRun { UserId = feed.UserId, AttachId = attachId, Generation = generation, Epoch = epoch, Frames = [], Released = true });
    }

    /// <summary>Puts it into the link's queue, where it stands at most once: that bounds the queue.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _queued, 1) == 0)
            link.Enqueue(this);
    }

    /// <summary>The link took it out of the queue and is about to read; a frame that comes from here on wakes it again.</summary>
    public void Dequeued() => Volatile.Write(ref _queued, 0);

    /// <summary>The front has taken a run.</summary>
    public void Acknowledged(RunMark mark)
    {
        Cursor = mark.Cursor;
        StateVersion = mark.StateVersion;
        ReceiptCursor = mark.ReceiptCursor;
        if (mark.Released)
            _released.TrySetResult();
        if (mark.More)
            Wake();
    }

    /// <summary>Asks that the front be told to attach anew; completes when it was, or when the front is lost.</summary>
    public Task WantRelease()
    {
        ReleaseWanted = true;
        if (link.IsLost)
            _released.TrySetResult();
        return _released.Task;
    }

    /// <summary>The front is lost: nobody is left to be told anything.</summary>
    public void Lost() => _released.TrySetResult();
}
