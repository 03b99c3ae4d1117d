namespace Connections.Testing.History.Events;

/// <summary>
/// A tab was placed: its first line, or a later one. A tab here is what an application has, over all its lines, as long as it keeps its
/// position and its number of what it sent.
/// </summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which; the name stays over reconnects.</param>
/// <param name="Asked">The position that was to be resumed; null when none was given.</param>
/// <param name="Recovered">Whether it was told that every frame after it follows.</param>
/// <param name="Position">Where it was told it stands.</param>
public sealed record TabOpened(string User, string Tab, string? Asked, bool Recovered, string Position) : HistoryEvent(User);

/// <summary>A batch told a gap. Only those in batches: the one in the answer to an open stands in the first batch too.</summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which.</param>
/// <param name="Epoch">The epoch of the batch.</param>
/// <param name="Reason">As on the wire.</param>
/// <param name="Next">The offset of the next frame, as told.</param>
public sealed record TabGapTold(string User, string Tab, string Epoch, string Reason, long Next) : HistoryEvent(User);

/// <summary>A frame was given to the application.</summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Kind"><c>text</c>, <c>binary</c>, <c>upstream-opened</c> or <c>upstream-closed</c>.</param>
/// <param name="Message">The message's name, as in <see cref="BackendSent"/>; null for a marker.</param>
public sealed record TabReceived(string User, string Tab, string Epoch, long Offset, string Kind, string? Message) : HistoryEvent(User);

/// <summary>The tab's line has ended, and it has not come back yet.</summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which.</param>
public sealed record TabClosed(string User, string Tab) : HistoryEvent(User);
