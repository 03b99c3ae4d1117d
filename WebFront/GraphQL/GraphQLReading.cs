using System.Text;
using System.Text.Json;
using GraphQL;
using GraphQL.Transport;

namespace Connections.WebFront.GraphQL;

/// <summary>Reads what clients send: what cannot be read is null, whatever it is.</summary>
internal static class GraphQLReading
{
    /// <summary>Reads a message of <c>graphql-transport-ws</c>.</summary>
    public static OperationMessage? Message(IGraphQLTextSerializer serializer, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return serializer.Deserialize<OperationMessage>(Encoding.UTF8.GetString(utf8));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>Reads the payload of a <c>subscribe</c>.</summary>
    public static GraphQLRequest? Request(IGraphQLTextSerializer serializer, object? payload)
    {
        try
        {
            return serializer.ReadNode<GraphQLRequest>(payload);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>Whether this is how the serializer says that it cannot read something: half a surrogate is an InvalidOperationException.</summary>
    public static bool IsUnreadable(Exception e) => e is JsonException or InvalidCastException or FormatException or InvalidOperationException or ArgumentException;
}
