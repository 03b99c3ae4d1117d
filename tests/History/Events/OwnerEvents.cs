namespace Connections.Testing.History.Events;

/// <summary>An activation made itself the owner: its generation is stored. Optional, for a world that can see into the owners.</summary>
/// <param name="User">Whose.</param>
/// <param name="Owner">The activation.</param>
/// <param name="Generation">The generation that it raised the record to.</param>
public sealed record OwnerTook(string User, string Owner, long Generation) : HistoryEvent(User);

/// <summary>An owner opened its upstream. Optional, as above.</summary>
/// <param name="User">Whose.</param>
/// <param name="Owner">The activation.</param>
/// <param name="Generation">With which generation.</param>
public sealed record OwnerOpened(string User, string Owner, long Generation) : HistoryEvent(User);

/// <summary>An owner's upstream has ended. Optional, as above.</summary>
/// <param name="User">Whose.</param>
/// <param name="Owner">The activation.</param>
/// <param name="Generation">With which generation.</param>
public sealed record OwnerClosed(string User, string Owner, long Generation) : HistoryEvent(User);

/// <summary>An owner stamped a frame. Optional: without it the frames that tabs got say what was stamped.</summary>
/// <param name="User">Whose.</param>
/// <param name="Owner">The activation.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Epoch">The log's epoch, as on the wire.</param>
/// <param name="Offset">The offset.</param>
/// <param name="Kind"><c>text</c>, <c>binary</c>, <c>upstream-opened</c> or <c>upstream-closed</c>.</param>
/// <param name="Message">The message's name; null for a marker.</param>
public sealed record Stamped(string User, string Owner, long Generation, string Epoch, long Offset, string Kind, string? Message) : HistoryEvent(User);
