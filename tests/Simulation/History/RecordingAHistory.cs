using Connections.Testing.History;
using Connections.Testing.History.Events;

namespace Connections.Simulation.Tests.History;

/// <summary>What processes write is what is read, whatever became of them.</summary>
public sealed class RecordingAHistory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("history-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_kind_of_event_is_read_as_it_was_written()
    {
        HistoryEvent[] events = [.. new GoodDay().Lines.Select(l => l.Event)];
        using (var writer = HistoryWriter.Create(_directory.FullName, "all"))
            Array.ForEach(events, writer.Write);

        var kinds = typeof(HistoryEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(HistoryEvent)));
        Assert.Superset(kinds.ToHashSet(), events.Select(e => e.GetType()).ToHashSet());
        Assert.Equal(events, RecordedHistory.Read(_directory.FullName).Lines.Select(l => l.Event));
    }

    [Fact]
    public void What_is_written_can_be_read_before_the_process_ends_and_half_a_line_is_left_out()
    {
        using var writer = HistoryWriter.Create(_directory.FullName, "killed");
        writer.Write(new TabClosed("alice", "A"));
        File.WriteAllText(Path.Combine(_directory.FullName, "other" + RecordedHistory.Extension), """{"by":"other","n":1,"at":1,"saw":{"eve""");

        var history = RecordedHistory.Read(_directory.FullName);

        Assert.Equal(new TabClosed("alice", "A"), Assert.Single(history.Lines).Event);
        Assert.Equal(1, history.Torn);
    }

    [Fact]
    public void A_line_that_is_broken_in_the_middle_of_a_file_is_an_error_that_says_where()
    {
        var path = Path.Combine(_directory.FullName, "bad" + RecordedHistory.Extension);
        File.WriteAllText(path, "{}}\n{\n");

        Assert.Contains($"{path}:1", Assert.Throws<InvalidDataException>(() => RecordedHistory.Read(_directory.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_starts_again_writes_a_file_of_its_own()
    {
        using var first = HistoryWriter.Create(_directory.FullName, "tabs");
        using var second = HistoryWriter.Create(_directory.FullName, "tabs");
        first.Write(new TabClosed("alice", "A"));
        second.Write(new TabClosed("alice", "B"));

        Assert.Equal(2, RecordedHistory.Read(_directory.FullName).Lines.Select(l => l.Process).Distinct().Count());
    }

    [Fact]
    public void A_clock_that_steps_back_does_not_change_the_order_of_a_process()
    {
        HistoryLine[] lines =
        [
            new("a", 1, 100, new TabClosed("alice", "1")),
            new("a", 2, 50, new TabClosed("alice", "2")),
            new("b", 1, 70, new TabClosed("alice", "3")),
            new("b", 2, 120, new TabClosed("alice", "4")),
        ];

        Assert.Equal(["3", "1", "2", "4"], new RecordedHistory(lines.Reverse()).Lines.Select(l => ((TabClosed)l.Event).Tab));
    }

    [Fact]
    public async Task Threads_may_write_at_once()
    {
        using (var writer = HistoryWriter.Create(_directory.FullName, "busy"))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++)
                    writer.Write(new TabReceived("alice", $"{t}", GoodDay.First, i, "text", "ünïcode \n \" { }"));
            })));
        }

        var lines = RecordedHistory.Read(_directory.FullName).Lines;
        Assert.Equal(Enumerable.Range(1, 4_000).Select(n => (long)n), lines.Select(l => l.Number));
        Assert.All(lines.GroupBy(l => ((TabReceived)l.Event).Tab), g => Assert.Equal(Enumerable.Range(0, 500), g.Select(l => (int)((TabReceived)l.Event).Offset)));
    }
}
