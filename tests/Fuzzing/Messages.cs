using System.Text;
using System.Text.Json;
using Connections.WebFront.GraphQL;
using Connections.WebFront.RawSocket;
using Connections.WebFront.Sse;
using Connections.WebFront.Wire;
using GraphQL.SystemTextJson;
using GraphQL.Transport;

namespace Connections.Fuzzing.Tests;

/// <summary>What comes over a line: read, or refused with a reason, whatever it is; and what is read can be passed on.</summary>
public sealed class Messages
{
    // What is passed on is UTF-8: half a surrogate that got this far would reach the backend as something else.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string Deep = string.Concat(Enumerable.Repeat("{\"type\":", 200));

    [Fact]
    public void An_envelope_is_read_or_refused_with_a_reason() =>
        Fuzz.NearBytes(
            """{"type":"open","position":"00c3a1f09b7d2e44-17"}""", """{"type":"send","id":"c:1","text":"hello \u00e4\ud83d\ude00"}""",
            """{"type":"send","id":"c:1","data":"aGVsbG8=","delivery":"at-least-once"}""", """{"type":"ping"}""", """{"type":"\ud800","text":"\udfff"}""", Deep).Holds(utf8 =>
        {
            var (envelope, problem) = Fuzz.Within(utf8.Length, () => (Envelope.Read(utf8, out var p), p));

            Assert.NotEqual(envelope is null, problem is null);
            if (envelope is not null)
                Passes(envelope.Type, envelope.Position, envelope.Id, envelope.Text, envelope.Delivery);
        });

    [Fact]
    public void A_posted_message_is_read_or_refused_as_bad_JSON() =>
        Fuzz.NearBytes("""{"id":"c:1","text":"hello"}""", """{"id":"c:1","data":"aGVsbG8=","delivery":"at-most-once"}""", """{"id":"\udc00"}""", Deep).Holds(utf8 =>
        {
            PostedMessage? message = null;
            try
            {
                message = Fuzz.Within(utf8.Length, () => JsonSerializer.Deserialize(utf8, PostedMessageJson.Default.PostedMessage));
            }
            catch (JsonException)
            {
                // The answer is 400.
            }

            if (message is not null)
                Passes(message.Id, message.Text, message.Delivery);
        });

    [Fact]
    public void A_delivery_is_one_of_two_or_refused_with_a_reason() =>
        Fuzz.Near("at-most-once", "at-least-once").Holds(text =>
        {
            var taken = WireSendOptions.TryRead(new WireSendOptions(text), out var atLeastOnce, out var problem);

            Assert.NotEqual(taken, problem is not null);
            Assert.Equal(taken, text is "at-most-once" or "at-least-once");
            Assert.Equal(atLeastOnce, text is "at-least-once");
        });

    [Fact]
    public void A_message_of_graphql_transport_ws_is_read_or_refused()
    {
        var serializer = new GraphQLSerializer();
        Fuzz.NearBytes(
            """{"type":"connection_init"}""", """{"type":"ping","payload":{"a":[1,2.5,null]}}""", """{"id":"1","type":"complete"}""", """{"type":"\ud800","id":"\udfff"}""",
            """{"id":"1","type":"subscribe","payload":{"query":"subscription { state { upstream } }","operationName":null,"variables":{"a":{"b":[1e400,-0,18446744073709551616]}},"extensions":{}}}""",
            Deep).Holds(utf8 =>
        {
            if (Fuzz.Within(utf8.Length, () => GraphQLReading.Message(serializer, utf8)) is not { } message)
                return;
            Fuzz.Within(utf8.Length, () => GraphQLReading.Request(serializer, message.Payload));

            // A pong has the ping's payload.
            if (message is { Type: "ping", Payload: { } payload })
                Strict.GetBytes(serializer.Serialize(new OperationMessage { Type = "pong", Payload = payload }));
        });
    }

    private static void Passes(params string?[] texts) => Assert.All(texts, text => Strict.GetBytes(text ?? ""));
}
