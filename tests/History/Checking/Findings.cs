namespace Connections.Testing.History.Checking;

/// <summary>The violations of one user, each once.</summary>
internal sealed class Findings(string user)
{
    private readonly HashSet<(ViolationKind, string?, string?, string?)> _known = [];
    private readonly List<Violation> _all = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Violation> All => _all;

    /// <summary>Adds one; evidence that is null is left out.</summary>
    public void Add(ViolationKind kind, string says, HistoryLine?[] evidence, string? tab = null, string? position = null, string? message = null)
    {
        if (_known.Add((kind, tab, position, message)))
            _all.Add(new Violation(kind, user, tab, position, message, says, [.. evidence.OfType<HistoryLine>()]));
    }
}
