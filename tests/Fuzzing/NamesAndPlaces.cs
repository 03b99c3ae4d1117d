using System.Text;
using Connections.Core;
using Connections.Grains.Upstream;
using Connections.WebFront.Sse;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace Connections.Fuzzing.Tests;

/// <summary>Positions, ids and addresses: taken only in the one form that they are written in, and never a step beyond.</summary>
public sealed class NamesAndPlaces
{
    private const string Position = "00c3a1f09b7d2e44-17";

    private static readonly string[] Users = ["alice", "a.b-c_d@example.org", "...", "a", new string('x', 128)];

    [Fact]
    public void A_position_is_taken_only_as_it_is_written() =>
        Fuzz.Near(Position, "0000000000000000-0", "ffffffffffffffff-9223372036854775807").Holds(text =>
        {
            if (Fuzz.Within(text.Length, () => FramePosition.TryParse(text, out var p) ? (FramePosition?)p : null) is { } position)
                Assert.Equal(text, position.ToString());
        });

    [Fact]
    public void An_event_stream_takes_a_position_and_a_client_or_says_what_is_wrong() =>
        Gen.Select(Fuzz.Near(Position), Fuzz.Near("k3f9", "a_b-c"), Gen.Bool).Holds(input =>
        {
            var (position, client, header) = input;
            var request = new DefaultHttpContext().Request;
            if (header)
                request.Headers["Last-Event-ID"] = position;
            request.QueryString = new QueryString(string.Empty).Add("position", header ? "?" : position).Add("client", client);
            var (taken, problem) = Fuzz.Within(position.Length + client.Length, () => (SseRequest.Read(request, out var p), p));

            Assert.NotEqual(taken is null, problem is null);
            if (taken is null)
                return;
            Assert.Equal(position, taken.Position?.ToString() ?? position);
            Assert.True(OutboxMessageId.TryParse($"{taken.Client}:1", out _));
        });

    [Fact]
    public void An_id_of_a_message_is_taken_only_as_it_is_written() =>
        Fuzz.Near("k3f9:17", "a_b-c:1", "x:9223372036854775807").Holds(text =>
        {
            if (Fuzz.Within(text.Length, () => OutboxMessageId.TryParse(text, out var p) ? (OutboxMessageId?)p : null) is not { } id)
                return;
            Assert.Equal(text, id.ToString());
            Assert.True(id.Sequence > 0 && id.Client.Length is > 0 and <= 64);
        });

    [Fact]
    public void A_user_id_means_nothing_in_an_address_or_a_key() =>
        Fuzz.Near(Users).Holds(text =>
        {
            if (!Fuzz.Within(text.Length, () => UserId.TryParse(text, out _)))
                return;
            Assert.Equal(text, Uri.UnescapeDataString(Uri.EscapeDataString(text)));
            Assert.Equal($"/a/{text}/b", Uri.UnescapeDataString(new Uri($"http://host/a/{Uri.EscapeDataString(text)}/b").AbsolutePath));
            Assert.True(text.All(c => c < 128 && !char.IsControl(c)) && text.Length <= UserId.MaxLength);
        });

    // What a template leaves to the user is a piece of path or query: whoever it is, the socket goes to the same door.
    [Fact]
    public void A_template_that_is_taken_leads_every_user_to_one_host_and_each_to_an_address_of_its_own() =>
        Fuzz.Near(
            "ws://backend:8008/ws/{userId}", "wss://backend/ws?user={userId}&x=1", "ws://u:p@[::1]:80/a/{userId}/b", "ws://{userId}.host/user",
            "ws://host/user#{userId}", "ws://{userId}@host/user/{userId}", "ws://host:{userId}/user", "ws://host/{userId}/../user").Holds(template =>
        {
            var (address, problem) = Fuzz.Within(template.Length, () => (UpstreamAddress.Parse(template, out var p), p));
            Assert.NotEqual(address is null, problem is null);
            if (address is null)
                return;
            var seen = new HashSet<string>();
            var doors = new HashSet<string>();
            foreach (var name in Users)
            {
                Assert.True(UserId.TryParse(name, out var user));
                var uri = address.For(user);
                Assert.True(uri.Scheme is "ws" or "wss");
                doors.Add(uri.GetLeftPart(UriPartial.Authority));
                seen.Add(uri.PathAndQuery);
            }

            Assert.Single(doors);
            Assert.Equal(Users.Length, seen.Count);
        });

    [Fact]
    public void Retry_After_is_a_time_between_now_and_a_day() =>
        Fuzz.Near("120", "0", "99999999999999999999", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "12.5").Holds(text =>
        {
            var now = new DateTimeOffset(2026, 10, 21, 7, 0, 0, TimeSpan.Zero);
            if (Fuzz.Within(text.Length, () => RetryAfter.Parse(text, now)) is not { } wait)
                return;
            Assert.InRange(wait, TimeSpan.Zero, RetryAfter.Longest);
            Assert.True(Encoding.ASCII.GetByteCount(text) == text.Length);
        });

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData(" 7 ", 7)]
    [InlineData("4294967296000", 86_400)]
    [InlineData("99999999999999999999", 86_400)]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT", 28 * 60)]
    [InlineData("Wednesday, 21-Oct-26 07:28:00 GMT", 28 * 60)]
    [InlineData("Wed Oct 21 07:28:00 2026", 28 * 60)]
    [InlineData("Wed, 21 Oct 2026 06:28:00 GMT", null)]
    [InlineData("-1", null)]
    [InlineData("12.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Retry_After_is_seconds_or_a_date(string? text, int? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(text, new DateTimeOffset(2026, 10, 21, 7, 0, 0, TimeSpan.Zero))?.TotalSeconds);

    [Theory]
    [InlineData("ws://{userId}.host/user")]
    [InlineData("ws://{userId}@host/user")]
    [InlineData("ws://host:{userId}/user")]
    [InlineData("ws://host/user#{userId}")]
    [InlineData("ws://host/user")]
    public void A_template_that_lets_a_user_choose_the_host_or_nothing_is_refused(string template)
    {
        Assert.Null(UpstreamAddress.Parse(template, out var problem));
        Assert.Contains("Upstream:Url", problem, StringComparison.Ordinal);
    }
}
