using Connections.Hosting;

namespace Connections.Door.Tests;

/// <summary>What a log line loses on its way to the console, and what it keeps.</summary>
public sealed class HidingTokens
{
    [Theory]
    [InlineData("GET /ws?access_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln&x=1 - 101", "GET /ws?access_token=[token]&x=1 - 101")]
    [InlineData("Authorization: Bearer some-opaque-token-of-another-issuer", "Authorization: Bearer [token]")]
    [InlineData("""{"Path":"/sse?access_token=opaque-0123456789","At":1}""", """{"Path":"/sse?access_token=[token]","At":1}""")]
    [InlineData("a part: eyJhbGciOiJIUzI1NiJ9.eyJzdWI", "a part: [token]")]
    [InlineData("The bearer of this letter came at 10", "The bearer of this letter came at 10")]
    [InlineData("Breaker of alice: Closed -> Open", "Breaker of alice: Closed -> Open")]
    public void Tokens_go_and_everything_else_stays(string text, string shown) => Assert.Equal(shown, TokenFreeFormatter.Without(text));
}
