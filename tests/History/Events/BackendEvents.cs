namespace Connections.Testing.History.Events;

/// <summary>The backend accepted a dial. Write it before the answer leaves.</summary>
/// <param name="User">Whose.</param>
/// <param name="Connection">Which of the user's connections; never the same number twice, over restarts of the backend too.</param>
/// <param name="Generation"><c>X-Connection-Generation</c> of the dial, if it had one.</param>
public sealed record BackendOpened(string User, long Connection, long? Generation) : HistoryEvent(User);

/// <summary>The connection has ended on the backend's side, whoever ended it. Write it as soon as it is known.</summary>
/// <param name="User">Whose.</param>
/// <param name="Connection">Which.</param>
public sealed record BackendClosed(string User, long Connection) : HistoryEvent(User);

/// <summary>The backend sends a message. Write it before it leaves, in the order of the wire.</summary>
/// <param name="User">Whose.</param>
/// <param name="Connection">Over which connection.</param>
/// <param name="Message">What tells it from all other messages to this user, such as the backend's count.</param>
public sealed record BackendSent(string User, long Connection, string Message) : HistoryEvent(User);

/// <summary>The backend received a message.</summary>
/// <param name="User">Whose.</param>
/// <param name="Connection">Over which connection.</param>
/// <param name="Message">Its id, which a test puts into the text: <c>clientId:seq</c>.</param>
public sealed record BackendReceived(string User, long Connection, string Message) : HistoryEvent(User);

/// <summary>Somebody pushed a message to the user's inbox, beside the backend. Write it before the push.</summary>
/// <param name="User">Whose.</param>
/// <param name="Message">What tells it from all other messages to this user.</param>
public sealed record Pushed(string User, string Message) : HistoryEvent(User);
