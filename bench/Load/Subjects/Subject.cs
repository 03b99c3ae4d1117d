using Connections.Load.Tabs;

namespace Connections.Load.Subjects;

/// <summary>What is measured: processes between a backend of its own and the tabs, started and ready.</summary>
/// <param name="Way">Which.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Protocol">What tabs speak to it.</param>
/// <param name="Path">Where the tabs of a user connect.</param>
/// <param name="Ports">The ports that tabs are spread over.</param>
/// <param name="Processes">Its processes, last started first; none for tabs that connect to the backend itself.</param>
internal sealed record Subject(
    Way Way, BackendControl Backend, Protocol Protocol, Func<int, string> Path, int[] Ports, IReadOnlyList<ChildProcess> Processes) : IDisposable
{
    private readonly List<IDisposable> _ended = [];

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
