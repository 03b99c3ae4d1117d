using System.Globalization;
using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests;

/// <summary>
/// Silos and fronts killed one after the other, each replaced, under the history checker. KILLS says how many of each, such as <c>silos=50</c> or
/// <c>fronts=100</c> or both with a comma between; a few by default.
/// </summary>
public sealed class TheKills(ITestOutputHelper output)
{
    private const int KillsPerHistory = 10;

    private static readonly TimeSpan Back = TimeSpan.FromSeconds(20);
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public async Task Silos_killed_one_after_the_other_lose_no_user_anything_unsaid() =>
        await KillAsync("silos", 2, async stage =>
        {
            var silo = await stage.BusiestSiloAsync();
            stage.IsExpendable(silo.Process);
            await silo.Process.KillAsync();
        });

    [Fact]
    public async Task Fronts_killed_one_after_the_other_lose_no_user_anything() =>
        await KillAsync("fronts", 4, async stage =>
        {
            var front = stage.Fronts[0];
            stage.IsExpendable(front.Process);
            await front.Process.KillAsync();
        }, mayGap: false);

    private static int Count(string what, int usual)
    {
        var choice = Environment.GetEnvironmentVariable("KILLS");
        if (string.IsNullOrEmpty(choice))
            return usual;
        var part = choice.Split(',').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == what);
        return part is null ? 0 : int.Parse(part[1], CultureInfo.InvariantCulture);
    }

    private async Task KillAsync(string what, int usual, Func<GatewayStage, Task> kill, bool mayGap = true)
    {
        var count = Count(what, usual);
        if (count == 0)
            return;
        await using var stage = await GatewayStage.StartAsync(new StageSettings());
        var took = new List<TimeSpan>();
        var gaps = 0;
        while (took.Count < count)
        {
            await stage.BeginAsync();
            stage.Crowd.BeginWindow();
            for (var i = 0; i < KillsPerHistory && took.Count < count; i++)
            {
                var killed = Time.GetTimestamp();
                await kill(stage);
                await stage.Crowd.IsLiveAsync(Back, stage.Output);
                took.Add(Time.GetElapsedTime(killed));
                Assert.Empty(stage.Ended());
                await stage.MendAsync();
                await stage.Crowd.IsLiveAsync(Back, stage.Output);
            }

            gaps += stage.Crowd.BeginWindow().Sum(w => w.Gaps);
            var problems = await stage.EndAsync(ownersMayOverlap: TimeSpan.FromSeconds(1));
            Assert.True(problems.Count == 0, string.Join('\n', problems));
        }

        took.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} {what} killed: all 80 tabs live again after {took[took.Count / 2].TotalSeconds:0.0} s (median), {took[^1].TotalSeconds:0.0} s (longest); {gaps} gaps told; the history checker found nothing"));
        if (!mayGap)
            Assert.Equal(0, gaps);
    }
}
