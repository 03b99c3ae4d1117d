using System.Net.WebSockets;
using Connections.Testing.Tabs;

namespace Connections.Faults.Tests.Crowd;

/// <summary>A tab that sends as fast as it can, and counts what it is answered.</summary>
internal sealed class TabFlood
{
    private static int _clients;

    private readonly RawTab _tab;
    private readonly string _client = FormattableString.Invariant($"flood{Interlocked.Increment(ref _clients)}");

    private TabFlood(RawTab tab, CancellationToken ct)
    {
        _tab = tab;

        // On a thread of its own: until the kernel takes no more, no send ever waits, and the scripted backend lives on the pool that it would keep.
        Ended = Task.WhenAll(Task.Factory.StartNew(() => Send(ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default), ReceiveAsync(ct));
    }

    /// <summary>Completes when it has been told to end, or was closed.</summary>
    public Task Ended { get; }

    /// <summary>How many messages were sent or queued.</summary>
    public int Taken { get; private set; }

    /// <summary>How many were refused for their rate.</summary>
    public int Refused { get; private set; }

    /// <summary>Whether the front closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Opens one, and lets it flood.</summary>
    public static async Task<TabFlood> BeginAsync(Uri front, string user, CancellationToken ct) => new((await RawTab.OpenAsync(front, user)).Tab, ct);

    private void Send(CancellationToken ct)
    {
        try
        {
            for (var i = 1; !ct.IsCancellationRequested && !IsClosed; i++)
                _tab.SendAsync($$"""{"type":"send","id":"{{_client}}:{{i}}","text":"x"}""").GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            IsClosed |= !ct.IsCancellationRequested;
        }
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            while (!ct.IsCancellationRequested && await _tab.ReceiveAsync() is { } message)
            {
                if (message.Payload.AsSpan().IndexOf("\"rate\""u8) >= 0)
                    Refused++;
                else if (message.Payload.AsSpan().IndexOf("\"receipt\""u8) >= 0)
                    Taken++;
            }

            IsClosed |= !ct.IsCancellationRequested;
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            IsClosed |= !ct.IsCancellationRequested;
        }
        finally
        {
            // What it had on its way is not waited for.
            _tab.Dispose();
        }
    }
}
