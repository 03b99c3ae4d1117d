namespace Connections.Testing.History.Events;

/// <summary>A tab sends a message, or asks again about one by sending the same id. Write it before it leaves.</summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which.</param>
/// <param name="Message">Its id, <c>clientId:seq</c>.</param>
/// <param name="AtLeastOnce">Whether it may arrive twice.</param>
public sealed record Submitted(string User, string Tab, string Message, bool AtLeastOnce = false) : HistoryEvent(User);

/// <summary>A tab was told what became of a message.</summary>
/// <param name="User">Whose.</param>
/// <param name="Tab">Which.</param>
/// <param name="Message">Its id.</param>
/// <param name="Status">As on the wire: <c>sent</c>, <c>queued</c>, <c>rejected</c>, <c>expired</c> or <c>unknown</c>.</param>
/// <param name="Reason">As on the wire, if there is one.</param>
/// <param name="Late">Whether it came by itself, after an answer with <c>queued</c>.</param>
public sealed record ReceiptTold(string User, string Tab, string Message, string Status, string? Reason = null, bool Late = false) : HistoryEvent(User);
