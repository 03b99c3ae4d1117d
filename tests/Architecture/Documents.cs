using System.Globalization;
using System.Text.RegularExpressions;
using Connections.Grains.Abstractions;

namespace Connections.Architecture.Tests;

/// <summary>What is written down twice says the same.</summary>
public sealed partial class Documents
{
    [Fact]
    public void The_close_codes_are_those_of_the_protocol()
    {
        var written = CloseCodeRow().Matches(SourceTree.Read("docs/protocol.md"))
            .Select(m => (int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), m.Groups[2].Value));

        Assert.Equal(CloseCode.All.Select(c => (c.Code, c.Name)), written);
    }

    [Fact]
    public void All_close_codes_are_in_the_list_of_all()
    {
        var declared = typeof(CloseCode).GetFields().Where(f => f.FieldType == typeof(CloseCode)).Select(f => (CloseCode)f.GetValue(null)!);

        Assert.Equal(declared.OrderBy(c => c.Code), CloseCode.All);
        Assert.Equal(CloseCode.All.Count, CloseCode.All.DistinctBy(c => c.Name).DistinctBy(c => c.Code).Count());
    }

    [Fact]
    public void Codes_below_4500_welcome_a_reconnect() =>
        Assert.All(CloseCode.All, c => Assert.Equal(c.Code is >= 4000 and < 4500, c.MayReconnect));

    [GeneratedRegex(@"^\| (4\d{3}) \| `([a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CloseCodeRow();
}
