using System.Text;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Sse;
using Connections.WebFront.Wire;
using GraphQL;
using GraphQL.Types;

namespace Connections.WebFront.GraphQL;

/// <summary>The schema; served at <c>/graphql/schema</c>.</summary>
internal sealed class ConnectionSchema : Schema
{
    public ConnectionSchema(IServiceProvider services, IGrainFactory grains, Messages messages, FrameStreams streams, IBreakerBoard board, FreshTokens tokens, SessionRegistry sessions, TimeProvider time)
        : base(services)
    {
        Description = "One's own connection: who that is comes from the token.";
        Query = MakeQuery(grains, board, time);
        Mutation = MakeMutation(messages, tokens, sessions);
        Subscription = MakeSubscription(streams);
    }

    private static ObjectGraphType MakeQuery(IGrainFactory grains, IBreakerBoard board, TimeProvider time)
    {
        var query = new ObjectGraphType { Name = "Query" };
        query.Field<NonNullGraphType<ConnectionStateType>>("connection")
            .Description("How the connection stands now.")
            .ResolveAsync(async c =>
            {
                try
                {
                    return WireState.From(await grains.GetGrain<IUserConnectionGrain>(Of(c).Caller.User.Value).GetState(), time.GetUtcNow());
                }
                catch (Exception e) when (e is TimeoutException or OrleansException)
                {
                    throw new ExecutionError("The connection could not be reached in time.");
                }
            });
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<ApiBreakerType>>>>("breakers")
            .Description("The breakers of the routes under /api.")
            .Resolve(_ => board.Breakers);
        return query;
    }

    private static ObjectGraphType MakeMutation(Messages messages, FreshTokens tokens, SessionRegistry sessions)
    {
        var mutation = new ObjectGraphType { Name = "Mutation" };
        mutation.Field<NonNullGraphType<ReceiptType>>("send")
            .Description("Hands a message to the upstream. Either a text or data.")
            .Argument<NonNullGraphType<StringGraphType>>("id", "clientId:seq; sequences count from 1 without holes for each client.")
            .Argument<StringGraphType>("text", "A text message.")
            .Argument<StringGraphType>("data", "A binary message, in base64.")
            .Argument<StringGraphType>("delivery", "at-most-once (the default) or at-least-once.")
            .ResolveAsync(async c =>
            {
                var message = Read(c);
                try
                {
                    return WireReceipt.From(await messages.SendAsync(Of(c).Caller, message, c.CancellationToken));
                }
                catch (TimeoutException e)
                {
                    throw new ExecutionError(e.Message);
                }
            });
        mutation.Field<NonNullGraphType<BooleanGraphType>>("renew")
            .Description("A fresh access token of the same user: this socket stays for as long as that one is good. False when it is not.")
            .Argument<NonNullGraphType<StringGraphType>>("token", "The token.")
            .ResolveAsync(async c =>
            {
                var caller = Of(c).Caller;
                if (caller.Lease is not { } lease)
                    throw new ExecutionError("Over plain HTTP each request has its own token: there is nothing to renew.");
                if (await tokens.CheckAsync(c.GetArgument<string>("token"), caller.User) is not { } fresh)
                    return false;
                lease.Renew(fresh);
                sessions.Find(caller.User.Value)?.Offer(fresh.Token);
                return true;
            });
        return mutation;
    }

    private static ObjectGraphType MakeSubscription(FrameStreams streams)
    {
        var subscription = new ObjectGraphType { Name = "Subscription" };
        subscription.Field<NonNullGraphType<FrameBatchType>>("frames")
            .Description("The frames after a position, or from now on. The first event has no frames and says where one stands.")
            .Argument<StringGraphType>("from", "The position of what one has.")
            .Resolve(c => c.Source)
            .ResolveStreamAsync(async c => await Untyped(streams.FramesAsync(Of(c), c.GetArgument<string?>("from"), c.CancellationToken)));
        subscription.Field<NonNullGraphType<ConnectionStateType>>("state")
            .Description("How the connection stands, now and at every change.")
            .Argument<BooleanGraphType>("breakers", "Whether to say how the breakers of /api stand, and to come when one of them changes too.")
            .Resolve(c => c.Source)
            .ResolveStreamAsync(async c => await Untyped(streams.StatesAsync(Of(c), c.GetArgument<bool?>("breakers") ?? false, c.CancellationToken)));
        return subscription;
    }

    private static OutgoingMessage Read(IResolveFieldContext context)
    {
        var (text, data) = (context.GetArgument<string?>("text"), context.GetArgument<string?>("data"));
        if (text is null == data is null)
            throw new ExecutionError("A message has either a text or data.");
        if (!WireSendOptions.TryRead(new(context.GetArgument<string?>("delivery")), out var atLeastOnce, out var problem))
            throw new ExecutionError(problem);
        try
        {
            return new OutgoingMessage(
                context.GetArgument<string>("id"), text is not null, text is null ? Convert.FromBase64String(data!) : Encoding.UTF8.GetBytes(text), atLeastOnce);
        }
        catch (FormatException)
        {
            throw new ExecutionError("The data is not base64.");
        }
    }

    private static OperationContext Of(IResolveFieldContext context) => (OperationContext)context.UserContext;

    // Observables of a class are observables of object: the engine asks for the latter.
    private static async Task<IObservable<object?>> Untyped<T>(Task<IObservable<T>> stream)
        where T : class => (IObservable<object?>)await stream;
}
