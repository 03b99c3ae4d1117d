namespace Connections.Backend.Faults;

/// <summary>Holds the one fault that is switched on.</summary>
internal sealed class FaultSwitch
{
    private ActiveFault _current = new(Fault.None);

    internal ActiveFault Current => Volatile.Read(ref _current);

    internal void Set(Fault fault) => Interlocked.Exchange(ref _current, new(fault)).End();
}
