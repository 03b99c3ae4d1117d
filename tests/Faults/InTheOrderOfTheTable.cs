using Connections.Faults.Tests.Rows;
using Xunit.Sdk;
using Xunit.v3;

namespace Connections.Faults.Tests;

/// <summary>Plays the rows in the order of the table: those of one stage are together there.</summary>
public sealed class InTheOrderOfTheTable : ITestCaseOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(c => AllRows.PlaceOf(c.TestCaseDisplayName))];
}
