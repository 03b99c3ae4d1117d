namespace Connections.Grains.Abstractions.Sending;

/// <summary>Why a message was not sent. The names are on every wire, in lower case with hyphens.</summary>
public enum ReceiptReason
{
    /// <summary>No reason: it was taken.</summary>
    None = 0,

    /// <summary>No upstream is configured, or its owner leaves.</summary>
    UpstreamDown = 1,

    /// <summary>The breaker holds the next dial back for longer than a message may wait.</summary>
    BreakerOpen = 2,

    /// <summary>Too many messages wait already.</summary>
    QueueFull = 3,

    /// <summary>The message is larger than the limit.</summary>
    TooLarge = 4,

    /// <summary>Messages come faster than the limit.</summary>
    Rate = 5,

    /// <summary>The id is not <c>clientId:seq</c>.</summary>
    BadId = 6,

    /// <summary>The upstream died while the message was on its way.</summary>
    UpstreamLost = 7,

    /// <summary>The silo that owned the connection did not answer.</summary>
    OwnerLost = 8,

    /// <summary>An earlier message of the client is missing; the receipt says which is due.</summary>
    Expected = 9,
}
