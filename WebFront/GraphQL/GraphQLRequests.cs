using Connections.WebFront.Identity;
using GraphQL;
using GraphQL.Transport;
using GraphQL.Types;

namespace Connections.WebFront.GraphQL;

/// <summary>Answers queries and mutations over plain HTTP.</summary>
internal sealed class GraphQLRequests(IDocumentExecuter executer, ISchema schema, IGraphQLSerializer serializer)
{
    /// <summary>Answers one.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await Results.Problem(
                "Queries come by POST, and subscriptions over a WebSocket; the schema is at /graphql/schema.",
                statusCode: StatusCodes.Status405MethodNotAllowed).ExecuteAsync(http);
            return;
        }

        GraphQLRequest? request;
        try
        {
            request = await serializer.ReadAsync<GraphQLRequest>(http.Request.Body, http.RequestAborted);
        }
        catch (Exception e) when (GraphQLReading.IsUnreadable(e))
        {
            await Results.Problem(
                $"The body is not the JSON that is asked for: {e.Message} A body such as {{\"query\":\"{{ connection {{ upstream }} }}\"}} would be right.",
                statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        var result = await executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Query = request?.Query,
            OperationName = request?.OperationName,
            Variables = request?.Variables,
            UserContext = new OperationContext(Caller.Of(http), null),
            RequestServices = http.RequestServices,
            CancellationToken = http.RequestAborted,
        });
        http.Response.StatusCode = result.Executed ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        http.Response.ContentType = "application/graphql-response+json; charset=utf-8";
        await serializer.WriteAsync(http.Response.Body, result, http.RequestAborted);
    }
}
