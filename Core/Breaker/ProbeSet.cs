namespace Connections.Core;

/// <summary>The probes of a half-open breaker that have no answer yet, oldest first.</summary>
internal sealed class ProbeSet
{
    private readonly List<(long Id, TimeSpan Deadline)> _waiting = [];

    /// <summary>How many there are.</summary>
    public int Count => _waiting.Count;

    /// <summary>When the oldest one's time is up; null if there is none.</summary>
    public TimeSpan? FirstDeadline => _waiting.Count > 0 ? _waiting[0].Deadline : null;

    /// <summary>Adds a probe, which is the youngest.</summary>
    public void Add(long id, TimeSpan deadline) => _waiting.Add((id, deadline));

    /// <summary>Takes a probe out. False if its outcome was reported before, or it never was one.</summary>
    public bool Remove(long id)
    {
        var index = _waiting.FindIndex(probe => probe.Id == id);
        if (index >= 0) _waiting.RemoveAt(index);
        return index >= 0;
    }

    /// <summary>Forgets them: their outcomes come too late.</summary>
    public void Clear() => _waiting.Clear();
}
