using Connections.Core;
using Connections.WebFront.Wire;
using GraphQL.Types;

namespace Connections.WebFront.GraphQL;

// The wire's records as GraphQL types: the same names as on every other way in.

/// <summary>A batch of the subscription <c>frames</c>.</summary>
internal sealed class FrameBatchType : ObjectGraphType<FrameEvent>
{
    public FrameBatchType()
    {
        Name = "FrameBatch";
        Field(b => b.Epoch).Description("The epoch of every frame in it.");
        Field(b => b.Position).Description("Where one stands once one has them: resume from here.");
        Field(b => b.Recovered, nullable: true).Description("In the first event: whether every frame after the given position follows.");
        Field<GapType>("gap").Description("Frames are missing before the first one.").Resolve(c => c.Source.Gap);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FrameType>>>>("frames").Resolve(c => c.Source.Frames);
    }
}

/// <summary>A frame.</summary>
internal sealed class FrameType : ObjectGraphType<Frame>
{
    public FrameType()
    {
        Name = "Frame";
        Field<NonNullGraphType<LongGraphType>>("offset").Resolve(c => c.Source.Offset);
        Field<NonNullGraphType<StringGraphType>>("kind").Description("text, binary, upstream-opened or upstream-closed.").Resolve(c => WireNames.Of(c.Source.Kind));
        Field<NonNullGraphType<LongGraphType>>("at").Description("Unix time in milliseconds.").Resolve(c => c.Source.At);
        Field<StringGraphType>("text").Resolve(c => c.Source.Kind is FrameKind.Binary ? null : System.Text.Encoding.UTF8.GetString(c.Source.Payload.Span));
        Field<StringGraphType>("data").Description("In base64.").Resolve(c => c.Source.Kind is FrameKind.Binary ? Convert.ToBase64String(c.Source.Payload.Span) : null);
    }
}

/// <summary>Missing frames.</summary>
internal sealed class GapType : ObjectGraphType<WireGap>
{
    public GapType()
    {
        Name = "Gap";
        Field(g => g.Reason).Description("epoch-changed, evicted or future-offset.");
        Field<NonNullGraphType<LongGraphType>>("firstAvailable").Resolve(c => c.Source.FirstAvailable);
        Field<NonNullGraphType<LongGraphType>>("top").Resolve(c => c.Source.Top);
        Field<NonNullGraphType<LongGraphType>>("next").Resolve(c => c.Source.Next);
    }
}

/// <summary>How a connection stands.</summary>
internal sealed class ConnectionStateType : ObjectGraphType<WireState>
{
    public ConnectionStateType()
    {
        Name = "ConnectionState";
        Field(s => s.Upstream).Description("none, idle, connecting, open or waiting.");
        Field<NonNullGraphType<LongGraphType>>("since").Resolve(c => c.Source.Since);
        Field(s => s.Reason, nullable: true);
        Field<LongGraphType>("retryAfterMs").Resolve(c => c.Source.RetryAfterMs);
        Field<NonNullGraphType<BreakerType>>("breaker").Resolve(c => c.Source.Breaker);
        Field(s => s.Position);
        Field<NonNullGraphType<LongGraphType>>("generation").Resolve(c => c.Source.Generation);
        Field(s => s.Fronts);
        Field(s => s.Tabs);
        Field<ListGraphType<NonNullGraphType<ApiBreakerType>>>("breakers").Resolve(c => c.Source.Breakers);
    }
}

/// <summary>A user's breaker.</summary>
internal sealed class BreakerType : ObjectGraphType<WireBreaker>
{
    public BreakerType()
    {
        Name = "Breaker";
        Field(b => b.State);
        Field(b => b.Failures);
        Field(b => b.Trips);
        Field<LongGraphType>("retryAfterMs").Resolve(c => c.Source.RetryAfterMs);
    }
}

/// <summary>A breaker of a route under <c>/api</c>.</summary>
internal sealed class ApiBreakerType : ObjectGraphType<WireApiBreaker>
{
    public ApiBreakerType()
    {
        Name = "ApiBreaker";
        Field(b => b.Name);
        Field(b => b.State);
        Field<LongGraphType>("retryAfterMs").Resolve(c => c.Source.RetryAfterMs);
    }
}

/// <summary>What became of a message.</summary>
internal sealed class ReceiptType : ObjectGraphType<WireReceipt>
{
    public ReceiptType()
    {
        Name = "Receipt";
        Field(r => r.Id);
        Field(r => r.Status).Description("sent, queued, rejected, expired or unknown.");
        Field(r => r.Reason, nullable: true);
        Field<LongGraphType>("retryAfterMs").Resolve(c => c.Source.RetryAfterMs);
        Field<LongGraphType>("expected").Resolve(c => c.Source.Expected);
    }
}
