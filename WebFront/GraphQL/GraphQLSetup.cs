using Connections.WebFront.Admission;
using GraphQL;
using GraphQL.Types;

namespace Connections.WebFront.GraphQL;

/// <summary>The GraphQL way in: <c>graphql-transport-ws</c> for everything, plain HTTP for queries and mutations.</summary>
internal static class GraphQLSetup
{
    // The schema is three levels deep; a tool's introspection query is 13 or so. The schema's lists are short: counted as two each, such a
    // query has a complexity of 9,022 (counted as five, of 33,145).
    private const int MaxDepth = 20;
    private const int MaxComplexity = 10_000;
    private const int ListMultiplier = 2;

    /// <summary>Registers the engine and the schema.</summary>
    public static void AddConnectionGraphQL(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GraphQLSockets>();
        builder.Services.AddSingleton<GraphQLRequests>();
        builder.Services.AddSingleton<FrameStreams>();
        builder.Services.AddGraphQL(b => b
            .AddSchema<ConnectionSchema>()
            .AddGraphTypes(typeof(ConnectionSchema).Assembly)
            .AddSystemTextJson()
            .AddComplexityAnalyzer(o =>
            {
                o.MaxDepth = MaxDepth;
                o.MaxComplexity = MaxComplexity;
                o.DefaultListImpactMultiplier = ListMultiplier;
            }));
    }

    /// <summary>Maps the routes.</summary>
    public static void MapConnectionGraphQL(this WebApplication app)
    {
        // What is wrong in a schema is found here, and not by the first who asks.
        var schema = app.Services.GetRequiredService<ISchema>();
        schema.Initialize();
        app.MapGet("/graphql/schema", () => TypedResults.Text(schema.Print(), "text/plain")).RequireAuthorization().ExcludeFromDescription();
        app.Map("/graphql", (HttpContext http, GraphQLSockets sockets, GraphQLRequests requests) =>
                http.WebSockets.IsWebSocketRequest ? sockets.ServeAsync(http) : requests.AnswerAsync(http))
            .RequireAuthorization().TakesTabs().ExcludeFromDescription();
    }
}
