namespace Connections.Faults.Tests;

/// <summary>Whom of the crowd a fault touches: whose line ends, who is told of a gap or sees a marker of its upstream.</summary>
public enum Touches
{
    /// <summary>Nobody: those that it hits are no part of the crowd, or nobody notices.</summary>
    Nobody,

    /// <summary>Some: those on what it hits. The p99 is that of the others.</summary>
    Some,

    /// <summary>All of them: there are no others whose p99 could be compared.</summary>
    All,
}
