using CsCheck;

namespace Connections.Core.Tests;

/// <summary>The one text form of positions.</summary>
public sealed class Positions
{
    [Fact]
    public void Every_position_is_read_back_as_it_was_written() =>
        Gen.Select(Gen.ULong, Gen.Long[0, long.MaxValue]).Sample((epoch, offset) =>
            FramePosition.TryParse(new FramePosition(epoch, offset).ToString(), out var read) && read == new FramePosition(epoch, offset));

    [Fact]
    public void What_is_read_is_written_back_as_it_was() =>
        Gen.String[Gen.Char["0123456789abcdefABCDEF-+: "], 0, 40].Sample(text =>
            !FramePosition.TryParse(text, out var position) || position.ToString() == text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("00c3a1f09b7d2e44")]
    [InlineData("00c3a1f09b7d2e44-")]
    [InlineData("00c3a1f09b7d2e44--1")]
    [InlineData("00c3a1f09b7d2e44-+1")]
    [InlineData("00c3a1f09b7d2e44-01")]
    [InlineData("00C3A1F09B7D2E44-1")]
    [InlineData("0x00000000000001-1")]
    [InlineData("0c3a1f09b7d2e44-17")]
    [InlineData("00c3a1f09b7d2e44-9223372036854775808")]
    [InlineData("00c3a1f09b7d2e44-1 ")]
    [InlineData("00c3a1f09b7d2e44-1\0")]
    public void Anything_else_is_refused(string? text) => Assert.False(FramePosition.TryParse(text, out _));

    [Fact]
    public void Offset_zero_is_before_the_first_frame()
    {
        Assert.True(FramePosition.TryParse("00c3a1f09b7d2e44-0", out var position));
        Assert.Equal(0, position.Offset);
        Assert.Equal("00c3a1f09b7d2e44", position.EpochText);
    }
}
