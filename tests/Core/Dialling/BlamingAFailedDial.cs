namespace Connections.Core.Tests;

public sealed class BlamingAFailedDial
{
    [Theory]
    [InlineData(DialResult.Opened, FailureScope.None)]
    [InlineData(DialResult.GivenUp, FailureScope.None)]
    [InlineData(DialResult.NameNotResolved, FailureScope.Upstream)]
    [InlineData(DialResult.NotConnected, FailureScope.Upstream)]
    [InlineData(DialResult.TlsFailed, FailureScope.Upstream)]
    [InlineData(DialResult.TimedOut, FailureScope.Upstream)]
    [InlineData(DialResult.ProtocolError, FailureScope.Upstream)]
    public void Without_an_http_answer_the_backend_is_to_blame(DialResult result, FailureScope expected) =>
        Assert.Equal(expected, DialFailures.ScopeOf(new(result)));

    [Theory]
    [InlineData(200, FailureScope.Upstream)]
    [InlineData(302, FailureScope.Upstream)]
    [InlineData(399, FailureScope.Upstream)]
    [InlineData(400, FailureScope.User)]
    [InlineData(401, FailureScope.User)]
    [InlineData(403, FailureScope.User)]
    [InlineData(404, FailureScope.User)]
    [InlineData(429, FailureScope.User)]
    [InlineData(499, FailureScope.User)]
    [InlineData(500, FailureScope.Upstream)]
    [InlineData(503, FailureScope.Upstream)]
    public void A_4xx_concerns_the_user_alone_and_any_other_refusal_the_backend(int status, FailureScope expected)
    {
        Assert.Equal(expected, DialFailures.ScopeOf(new(DialResult.Refused, status)));
        Assert.Equal(expected, DialFailures.ScopeOf(new(DialResult.Refused, status, TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public void A_status_that_is_no_refusal_is_not_looked_at() =>
        Assert.Equal(FailureScope.Upstream, DialFailures.ScopeOf(new(DialResult.TimedOut, 404)));
}
