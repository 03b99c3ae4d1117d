using Connections.Load.Tabs;

namespace Connections.Load.Subjects;

/// <summary>What is measured: processes between a backend of its own and the tabs, started and ready.</summary>
/// <param name="Way">Which.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Ports">The ports that tabs are spread over.</param>
/// <param name="Processes">Its processes, last started first; none for tabs that connect to the backend itself.</param>
internal sealed record Subject(
    Way Way, BackendControl Backend, int[] Ports, IReadOnlyList<ChildProcess> Processes) : IDisposable
{
    private readonly List<IDisposable> _ended = [];

    /// <summary>How its tabs connect.</summary>
    public Speech Speech { get; } = Speech.Of(Way);

    /// <summary>Ends something with it.</summary>
    public Subject With(IDisposable disposable)
    {
        _ended.Add(disposable);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in Processes)
            process.Dispose();
        Backend.Dispose();
        _ended.ForEach(d => d.Dispose());
    }
}
