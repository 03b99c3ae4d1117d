using Connections.Grains.Abstractions;

namespace Connections.WebFront.GraphQL;

/// <summary>The close codes of <c>graphql-transport-ws</c>; see <c>docs/protocol.md</c>. They are the protocol's, not ours.</summary>
internal static class ProtocolClose
{
    /// <summary>A message is not one of the protocol.</summary>
    public const int BadRequest = 4400;

    /// <summary>A subscribe came before the connection was acknowledged, or the token expired.</summary>
    public const int Unauthorized = 4401;

    /// <summary>An operator ended it.</summary>
    public const int Forbidden = 4403;

    /// <summary>The client offers none of the sub-protocols there are.</summary>
    public const int SubProtocolNotAcceptable = 4406;

    /// <summary>The client did not begin in time.</summary>
    public const int InitTimeout = 4408;

    /// <summary>An id is in use.</summary>
    public const int SubscriberAlreadyExists = 4409;

    /// <summary>The client began twice.</summary>
    public const int TooManyInits = 4429;

    // Tried again later by the protocol's clients; our own code means "bad response" to them, which they take for final.
    private const int TryAgainLater = 1013;

    /// <summary>The code that says to a client of this protocol what ours says to others.</summary>
    public static int Of(CloseCode code) => code switch
    {
        _ when code == CloseCode.Unavailable => TryAgainLater,
        _ when code == CloseCode.Unauthorized => Unauthorized,
        _ when code == CloseCode.Disconnected => Forbidden,
        _ => code.Code,
    };
}
