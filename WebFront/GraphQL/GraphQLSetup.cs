using Connections.WebFront.Admission;
using GraphQL;
using GraphQL.Types;

namespace Connections.WebFront.GraphQL;

/// <summary>The GraphQL way in: <c>graphql-transport-ws</c> for everything, plain HTTP for queries and mutations.</summary>
internal static class GraphQLSetup
{
    // The schema is three levels deep; a tool's introspection query is 13 or so.
    private const int MaxDepth = 20;
    private const int MaxComplexity = 1_000;

    /// <summary>Registers the engine and the schema.</summary>
    public static void AddConnectionGraphQL(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GraphQLSockets>();
        builder.Services.AddSingleton<GraphQLRequests>();
        builder.Services.AddSingleton<FrameStreams>();
        builder.Services.AddGraphQL(b => b
            .AddSchema<ConnectionSchema>()
            .AddSystemTextJson()
            .AddComplexityAnalyzer(o =>
            {
                o.MaxDepth = MaxDepth;
                o.MaxComplexity = MaxComplexity;
            }));
    }

    /// <summary>Maps the routes.</summary>
    public static void MapConnectionGraphQL(this WebApplication app)
    {
        app.MapGet("/graphql/schema", (ISchema schema) => TypedResults.Text(schema.Print(), "text/plain")).RequireAuthorization().ExcludeFromDescription();
        app.Map("/graphql", (HttpContext http, GraphQLSockets sockets, GraphQLRequests requests) =>
                http.WebSockets.IsWebSocketRequest ? sockets.ServeAsync(http) : requests.AnswerAsync(http))
            .RequireAuthorization().TakesTabs().ExcludeFromDescription();
    }
}
