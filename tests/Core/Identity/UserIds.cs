namespace Connections.Core.Tests;

/// <summary>Which texts are user ids: only those that mean nothing in an address or a storage key.</summary>
public sealed class UserIds
{
    [Theory]
    [InlineData("alice")]
    [InlineData("a")]
    [InlineData("a.b-c_d@example.org")]
    [InlineData("...")]
    [InlineData("0")]
    public void Plain_names_are_taken_as_they_are(string text)
    {
        Assert.True(UserId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("../ws")]
    [InlineData("%2e%2e")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public void What_could_lead_elsewhere_is_refused(string? text) => Assert.False(UserId.TryParse(text, out _));

    [Fact]
    public void An_id_has_128_characters_at_most()
    {
        Assert.True(UserId.TryParse(new string('x', 128), out _));
        Assert.False(UserId.TryParse(new string('x', 129), out _));
    }

    [Fact]
    public void An_id_that_was_never_parsed_has_no_value() => Assert.Throws<InvalidOperationException>(() => default(UserId).Value);
}
