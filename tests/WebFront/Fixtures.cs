using Connections.Testing.Processes;

[assembly: AssemblyFixture(typeof(Connections.WebFront.Tests.SharedRedis))]

namespace Connections.WebFront.Tests;

/// <summary>One Redis for all gateways of a test run.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public RedisServer Server { get; } = new();

    public async ValueTask InitializeAsync() => await Server.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Tests that see what the whole process does: no other runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Tests that need settings of their own: each starts a gateway, which ends with it.</summary>
public abstract class GatewayPerTest(SharedRedis redis) : IAsyncDisposable
{
    private RunningGateway? _gateway;

    protected RunningGateway Gateway => _gateway ?? throw new InvalidOperationException("The test has not started its gateway yet.");

    protected string User { get; } = RunningGateway.NewUser();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_gateway is not null)
            await _gateway.DisposeAsync();
    }

    protected async Task StartAsync(string environment, params string[] settings) =>
        _gateway = await RunningGateway.StartAsync(redis.Server, environment, settings);
}

/// <summary>A gateway in Development, so that tabs say who they are with <c>?user=</c>; started once for a test class.</summary>
public sealed class DevelopmentGateway(SharedRedis redis) : IAsyncLifetime
{
    public RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Gateway = await RunningGateway.StartAsync(
            redis.Server,
            "Development",
            "Front:MaxMessageBytes=100000",
            "Front:EventHeartbeat=00:00:00.500",
            "Connection:Window:MaxFrames=100",
            "Outbox:TimeToLive=00:00:03",
            "Upstream:Breaker:BreakDuration=00:00:10");

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}

/// <summary>A gateway in Production that takes tokens signed with <see cref="Tokens.Key"/>; started once for a test class.</summary>
public sealed class ProductionGateway(SharedRedis redis) : IAsyncLifetime
{
    public const string AllowedOrigin = "https://app.example.org";

    public RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Gateway = await RunningGateway.StartAsync(
            redis.Server, "Production", $"Auth:SigningKey={Tokens.Key}", $"Auth:AllowedOrigins:0={AllowedOrigin}");

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
