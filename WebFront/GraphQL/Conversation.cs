using System.Collections.Concurrent;
using System.Text;
using Connections.Grains.Abstractions;
using Connections.WebFront.Identity;
using Connections.WebFront.RawSocket;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQL;

namespace Connections.WebFront.GraphQL;

/// <summary>
/// One socket of <c>graphql-transport-ws</c> from its <c>connection_init</c> on; see
/// <see href="https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md">the protocol</see>. Operations run side by side; a message
/// that breaks the protocol ends them all.
/// </summary>
internal sealed class Conversation(
    TabSocket socket,
    IDocumentExecuter executer,
    ISchema schema,
    IGraphQLTextSerializer serializer,
    IServiceProvider services,
    Caller caller,
    TimeProvider time) : IAsyncDisposable
{
    private const int MaxOperations = 100;
    private static readonly TimeSpan InitPatience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    /// <summary>Reads messages until the line ends.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(InitPatience, time);
        await using var late = limit.Token.Register(() => _ = socket.CloseAsync(ProtocolClose.InitTimeout, "Connection initialisation timeout"));
        var acknowledged = false;
        while (await socket.ReceiveAsync(ct) is { } received)
        {
            if (!received.IsText || GraphQLReading.Message(serializer, received.Payload) is not { Type: { } type } message)
            {
                await socket.CloseAsync(ProtocolClose.BadRequest, "Invalid message received");
                continue;
            }

            switch (type)
            {
                case "connection_init" when acknowledged:
                    await socket.CloseAsync(ProtocolClose.TooManyInits, "Too many initialisation requests");
                    break;
                case "connection_init":
                    acknowledged = true;
                    await late.DisposeAsync();
                    await WriteAsync(new OperationMessage { Type = "connection_ack" });
                    break;
                case "ping":
                    await WriteAsync(new OperationMessage { Type = "pong", Payload = message.Payload });
                    break;
                case "pong":
                    break;
                case "subscribe" when !acknowledged:
                    await socket.CloseAsync(ProtocolClose.Unauthorized, "Unauthorized");
                    break;
                case "subscribe" when message is { Id.Length: > 0, Payload: not null }:
                    await SubscribeAsync(message);
                    break;
                case "complete" when message.Id is { Length: > 0 } id:
                    // The other side may have completed it just now: that is no violation.
                    if (_operations.TryRemove(id, out var operation))
                        operation.Dispose();
                    break;
                default:
                    await socket.CloseAsync(ProtocolClose.BadRequest, "Invalid message received");
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var operation in _operations.Values)
            operation.Dispose();
        _operations.Clear();
        return ValueTask.CompletedTask;
    }

    private async Task SubscribeAsync(OperationMessage message)
    {
        var request = GraphQLReading.Request(serializer, message.Payload);
        if (request?.Query is null)
        {
            await socket.CloseAsync(ProtocolClose.BadRequest, "Invalid message received");
            return;
        }

        var gate = new EventGate((code, retryAfter) => CloseAsync(code));
        var operation = new Operation(message.Id!, gate, this);
        if (!_operations.TryAdd(operation.Id, operation))
        {
            await socket.CloseAsync(ProtocolClose.SubscriberAlreadyExists, $"Subscriber for {operation.Id} already exists");
            return;
        }

        if (_operations.Count > MaxOperations)
        {
            await FailAsync(operation, [new ExecutionError($"One socket may have {MaxOperations} operations at once.")]);
            return;
        }

        _ = ExecuteAsync(operation, request, gate);
    }

    private async Task ExecuteAsync(Operation operation, GraphQLRequest request, EventGate gate)
    {
        try
        {
            var result = await executer.ExecuteAsync(new ExecutionOptions
            {
                Schema = schema,
                Query = request.Query,
                OperationName = request.OperationName,
                Variables = request.Variables,
                UserContext = new OperationContext(caller, gate),
                RequestServices = services,
                CancellationToken = operation.Cancelled,
            });
            if (result.Streams is { Count: > 0 } streams)
            {
                operation.Listen(streams.Single().Value);
            }
            else if (!result.Executed)
            {
                await FailAsync(operation, result.Errors!);
            }
            else
            {
                await NextAsync(operation, result);
                await CompleteAsync(operation);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Cancelled by the client, or the line is gone; anything else the client is told.
            if (e is not (OperationCanceledException or System.Net.WebSockets.WebSocketException or ObjectDisposedException))
                await FailQuietlyAsync(operation);
        }
    }

    /// <summary>Writes a result, unless the client has completed the operation meanwhile.</summary>
    public Task NextAsync(Operation operation, ExecutionResult result) => _operations.ContainsKey(operation.Id)
        ? WriteAsync(new OperationMessage { Type = "next", Id = operation.Id, Payload = result })
        : Task.CompletedTask;

    /// <summary>Ends an operation from this side.</summary>
    public Task CompleteAsync(Operation operation) => _operations.TryRemove(new(operation.Id, operation))
        ? WriteAsync(new OperationMessage { Type = "complete", Id = operation.Id })
        : Task.CompletedTask;

    /// <summary>Ends an operation with errors.</summary>
    public Task FailAsync(Operation operation, ExecutionErrors errors)
    {
        if (!_operations.TryRemove(new(operation.Id, operation)))
            return Task.CompletedTask;
        operation.Dispose();
        return WriteAsync(new OperationMessage { Type = "error", Id = operation.Id, Payload = errors });
    }

    private async Task FailQuietlyAsync(Operation operation)
    {
        try
        {
            await FailAsync(operation, [new ExecutionError("The operation failed.")]);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The line is gone.
        }
    }

    private Task CloseAsync(CloseCode code) => socket.CloseAsync(ProtocolClose.Of(code), code.Name);

    private async Task WriteAsync(OperationMessage message) =>
        await socket.WriteAsync(Encoding.UTF8.GetBytes(serializer.Serialize(message)), isText: true);
}
