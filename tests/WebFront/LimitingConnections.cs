using Connections.Hosting;

namespace Connections.WebFront.Tests;

/// <summary>How many connections a front or a silo may have when nobody says: as many as leave it the files that it needs itself.</summary>
public sealed class LimitingConnections
{
    [Theory]
    [InlineData(256, 128)]
    [InlineData(1_024, 512)]
    [InlineData(2_000, 1_400)]
    [InlineData(20_000, 17_500)]
    [InlineData(1_048_576, 917_504)]
    [InlineData(1 << 30, 10_000_000)]
    public void An_eighth_of_the_limit_of_open_files_or_600_is_kept_and_never_more_than_half(int files, int connections) =>
        Assert.Equal(connections, OpenFiles.ForConnections(files));

    [Fact]
    public void Without_a_limit_of_open_files_there_is_none_of_connections() => Assert.Equal(int.MaxValue, OpenFiles.ForConnections(null));

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1_024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max open files            9223372036854775807  9223372036854775807  files     ", int.MaxValue)]
    [InlineData("Max locked memory         8388608              8388608              bytes     ", null)]
    [InlineData("Max open files", null)]
    public void The_limit_is_the_soft_one(string line, int? limit) => Assert.Equal(limit, OpenFiles.Read(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Fact]
    public void This_process_has_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux alone says.");
        Assert.True(OpenFiles.Limit > 100);
    }
}
