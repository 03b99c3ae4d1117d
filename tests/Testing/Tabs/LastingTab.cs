using Microsoft.AspNetCore.SignalR;

namespace Connections.Testing.Tabs;

/// <summary>
/// A tab as an application has it: comes back with its position whenever its line ends, after the time that it was told or a moment, and goes on
/// with the same history.
/// </summary>
public sealed class LastingTab : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CloseTakes = TimeSpan.FromSeconds(1);

    private readonly Func<TabHistory, Task<HubTab>> _open;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _reconnects;
    private int _refused;

    private LastingTab(HubTab first, Func<TabHistory, Task<HubTab>> open)
    {
        _open = open;
        History = first.History;
        User = first.Opened.User;
        _running = RunAsync(first);
    }

    /// <summary>What it saw, over all its lines.</summary>
    public TabHistory History { get; }

    /// <summary>Whose.</summary>
    public string User { get; }

    /// <summary>How often it came back.</summary>
    public int Reconnects => _reconnects;

    /// <summary>How often it was told that not every frame after its position can be had.</summary>
    public int NotRecovered => _refused;

    /// <summary>Opens one.</summary>
    /// <param name="open">How: given the history, whose position is to be resumed.</param>
    public static async Task<LastingTab> OpenAsync(Func<TabHistory, Task<HubTab>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new LastingTab(await open(new TabHistory()), open);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(HubTab tab)
    {
        while (true)
        {
            var ended = await EndsAsync(tab);
            var wait = tab.Closing?.RetryAfterMs is { } told ? TimeSpan.FromMilliseconds(told) : Pause * Random.Shared.NextDouble();
            await tab.DisposeAsync();
            if (!ended)
                return;
            if (await ComeBackAsync(wait) is not { } next)
                return;
            Interlocked.Increment(ref _reconnects);
            if (!next.Opened.Recovered)
                Interlocked.Increment(ref _refused);
            tab = next;
        }
    }

    private async Task<bool> EndsAsync(HubTab tab)
    {
        try
        {
            await tab.Closed.WaitAsync(_stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<HubTab?> ComeBackAsync(TimeSpan wait)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, TimeProvider.System, _stop.Token);
                return await _open(History);
            }
            catch (Exception e) when (e is HttpRequestException or HubException or IOException or System.Net.WebSockets.WebSocketException
                or TimeoutException or InvalidOperationException or OperationCanceledException)
            {
                wait = Pause + (CloseTakes * Random.Shared.NextDouble());
            }
        }

        return null;
    }
}
