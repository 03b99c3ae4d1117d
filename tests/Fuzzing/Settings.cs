using Connections.Core;
using Connections.Grains;
using Connections.Grains.Sending;
using Connections.Grains.Upstream;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Connections.Fuzzing.Tests;

/// <summary>Settings: what is taken can be worked with, and what is not is refused at the start, by name.</summary>
public sealed class Settings
{
    private static readonly string[] Names =
    [
        "Upstream:Url", "Upstream:ConnectTimeout", "Upstream:KeepAliveInterval", "Upstream:MaxMessageBytes", "Upstream:StableAfter", "Upstream:DialsPerSecond",
        "Upstream:MaxConcurrentDials", "Upstream:MaxConnections", "Upstream:Http2", "Upstream:Breaker:FailureThreshold", "Upstream:Breaker:FailureRatio", "Upstream:Breaker:BreakDuration",
        "Upstream:Breaker:MaxBreakDuration", "Upstream:Breaker:BreakGrowth", "Upstream:Breaker:Jitter", "Upstream:Breaker:HalfOpenPermits", "Upstream:Breaker:MaxRetryAfter",
        "Upstream:Backoff:BaseDelay", "Upstream:Backoff:MaxDelay", "Upstream:Backoff:MinDelay", "Upstream:Health:MinimumThroughput", "Upstream:Health:Window",
        "Outbox:MaxMessages", "Outbox:MaxBytes", "Outbox:MaxMessageBytes", "Outbox:TimeToLive", "Outbox:MaxReceiptsPerClient", "Outbox:MaxClients", "Outbox:Durable",
        "Connection:Linger", "Connection:SendLimit:MessagesPerSecond", "Connection:SendLimit:BytesPerSecond", "Connection:MaxTabs", "Connection:Window:MaxFrames",
        "Connection:Window:MaxBytes", "Connection:Window:MaxAge", "Connection:MaxReplayBytes", "Connection:Heartbeat",
    ];

    private static readonly Gen<string> Value = Fuzz.Near(
        "0", "1", "-1", "7", "1000000", "2147483647", "9223372036854775807", "0.5", "1e300", "NaN", "-Infinity", "00:00:01", "00:00:00", "-00:00:01", "10675199.02:48:05", "1.00:00:00",
        "true", "Prefer", "ws://backend/ws/{userId}", "");

    [Fact]
    public void What_is_taken_works_and_what_is_not_is_refused_by_name() =>
        Gen.Select(Fuzz.OneOf(Names), Value).Array[1, 3].Holds(settings =>
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.DistinctBy(s => s.Item1).ToDictionary(s => s.Item1, s => (string?)s.Item2)).Build();
            using var services = new ServiceCollection().AddConnectionGrains(configuration).BuildServiceProvider();
            try
            {
                Work(
                    services.GetRequiredService<IOptions<UpstreamOptions>>().Value,
                    services.GetRequiredService<IOptions<SendingOptions>>().Value,
                    services.GetRequiredService<IOptions<ConnectionOptions>>().Value);
            }
            catch (OptionsValidationException e)
            {
                Assert.NotEmpty(e.Failures);
            }
            catch (InvalidOperationException e) when (e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
            {
                Assert.Contains(settings, s => e.Message.Contains(s.Item1, StringComparison.OrdinalIgnoreCase));
            }
        });

    private static void Work(UpstreamOptions upstream, SendingOptions sending, ConnectionOptions connection)
    {
        var time = TimeProvider.System;
        var breaker = new CircuitBreaker(upstream.Breaker, time);
        for (var i = 0; i < 5; i++)
            breaker.OnFailure(breaker.TryAcquire(), "failed", TimeSpan.FromDays(1));
        Assert.InRange(breaker.RetryAfter, TimeSpan.Zero, TimeSpan.FromDays(40));
        var backoff = new Backoff(upstream.Backoff, time);
        for (var i = 0; i < 40; i++)
            Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromDays(40));
        _ = new UpstreamHealth(upstream.Health, time);
        using var budget = new DialBudget(upstream.DialsPerSecond, upstream.MaxConcurrentDials, time);
        using (var dialer = new UpstreamDialer(Options.Create(upstream), time))
            Assert.Equal(string.IsNullOrEmpty(upstream.Url), dialer.Address is null);
        var outbox = new Outbox(sending, time);
        outbox.Offer(new OutboxMessage(new OutboxMessageId("a", 1), new byte[1], true, OutboxDelivery.AtMostOnce));
        Assert.InRange(outbox.NextExpiry ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(40));
        new RateLimit(connection.SendLimit, time).TryTake(10);
        var log = new ReplayLog(connection.Window, 1);
        log.Append(FrameKind.Text, new byte[10], long.MaxValue / 2);
        Assert.Equal(1, log.Count);
    }
}
