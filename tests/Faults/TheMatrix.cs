using Connections.Faults.Tests.Rows;

namespace Connections.Faults.Tests;

/// <summary>
/// Every fault of the matrix, one after the other. FAULTS chooses: without it the short run of every change, <c>all</c> for the whole matrix, else the
/// rows whose name has one of the texts in it, with commas between.
/// </summary>
[TestCaseOrderer(typeof(InTheOrderOfTheTable))]
public sealed class TheMatrix(MatrixFixture fixture, ITestOutputHelper output) : IClassFixture<MatrixFixture>
{
    public static TheoryData<string> Rows => new(AllRows.Chosen.Select(r => r.Name));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Users_lose_nothing_unsaid_and_others_notice_nothing(string fault)
    {
        var row = AllRows.Named(fault);
        var stage = await fixture.StageAsync(row.Stage);
        if (stage is null)
            Assert.Skip($"{row.Stage} cannot be set up here: {MatrixFixture.Missing(row.Stage)}");

        var result = await new FaultRun(stage, row).PlayAsync();
        FaultReport.Add(result);
        output.WriteLine(result.Line);
        if (result.Problems.Count > 0)
            output.WriteLine(stage.Output());
        await fixture.MendAsync(stage, result);
        Assert.Empty(result.Problems);
    }
}
