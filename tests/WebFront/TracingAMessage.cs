using System.Collections.Concurrent;
using System.Diagnostics;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>A message's trace goes from the tab's send to the write on the upstream, also when the message waited in between.</summary>
[Collection(nameof(Alone))]
public sealed class TracingAMessage(DevelopmentGateway development) : IClassFixture<DevelopmentGateway>, IDisposable
{
    private readonly RunningGateway _gateway = development.Gateway;
    private readonly ConcurrentQueue<Activity> _seen = [];
    private readonly string _user = RunningGateway.NewUser();
    private ActivityListener? _listener;

    [Fact]
    public async Task The_write_to_the_upstream_is_below_the_send_of_the_tab()
    {
        Listen();
        await using var tab = await HubTab.OpenAsync(_gateway.Address, _user);
        await _gateway.IsOpenAsync(_user);

        Assert.Equal("sent", (await tab.SendAsync("traced:1", "hello")).Status);

        await Eventually.HoldsAsync(() => Find("upstream write") is not null && Find("tab send") is not null, "both are recorded");
        Assert.Equal(Find("tab send")!.TraceId, Find("upstream write")!.TraceId);
        Assert.Equal(Find("tab send")!.SpanId, Find("upstream write")!.ParentSpanId);
        Assert.DoesNotContain(_seen.SelectMany(a => a.TagObjects), t => Equals(t.Value, _user));
    }

    [Fact]
    public async Task Nothing_is_recorded_when_nobody_listens()
    {
        await using var tab = await HubTab.OpenAsync(_gateway.Address, _user);
        await _gateway.IsOpenAsync(_user);

        Assert.Equal("sent", (await tab.SendAsync("untraced:1", "hello")).Status);
        Assert.Empty(_seen);
    }

    public void Dispose() => _listener?.Dispose();

    private void Listen()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name.StartsWith("Connections.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _seen.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private Activity? Find(string name) => _seen.FirstOrDefault(a => a.OperationName == name);
}
