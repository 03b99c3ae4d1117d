using Connections.WebFront.Sessions;

namespace Connections.WebFront.Tests;

/// <summary>When an answer is overdue depends on what answers take.</summary>
public sealed class AnswersBeingOverdue
{
    private readonly AnswerTimes _answers = new();

    [Fact]
    public void Before_the_first_answer_as_late_as_ever() => Assert.Equal(AnswerTimes.Most, _answers.Patience);

    [Theory]
    [InlineData(1, 50)]
    [InlineData(40, 50)]
    [InlineData(200, 210)]
    [InlineData(5_000, 500)]
    public void Steady_answers_are_waited_for_a_little_longer_than_they_take_within_bounds(int each, int most)
    {
        for (var i = 0; i < 40; i++)
            _answers.Took(TimeSpan.FromMilliseconds(each));
        Assert.InRange(_answers.Patience.TotalMilliseconds, Math.Min(most, Math.Max(each, AnswerTimes.Least.TotalMilliseconds)), most);
    }

    [Fact]
    public void Slow_ones_after_fast_ones_are_waited_for_longer_at_once()
    {
        for (var i = 0; i < 40; i++)
            _answers.Took(TimeSpan.FromMilliseconds(5));
        _answers.Took(TimeSpan.FromMilliseconds(300));
        Assert.InRange(_answers.Patience.TotalMilliseconds, 300, 500);
    }
}
