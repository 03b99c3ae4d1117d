namespace Connections.Backend.Tests;

/// <summary>Waits for conditions; passing the deadline means that evidence is missing.</summary>
internal static class Deadline
{
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>Ends with the test, or after <see cref="Long"/>.</summary>
    internal static CancellationToken Token
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(Long);
            return source.Token;
        }
    }

    internal static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var token = Token;
        while (!await condition())
        {
            Assert.False(token.IsCancellationRequested, $"Still waiting: {what}.");
            await Task.Delay(Poll, TimeProvider.System, CancellationToken.None);
        }
    }
}
