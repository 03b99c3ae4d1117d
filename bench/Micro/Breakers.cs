using BenchmarkDotNet.Attributes;
using Connections.Core;

namespace Connections.Micro;

/// <summary>What a breaker adds to each call.</summary>
public class Breakers
{
    private readonly CircuitBreaker _closed = new(new BreakerOptions(), TimeProvider.System);
    private readonly CircuitBreaker _open = new(new BreakerOptions(), TimeProvider.System);

    /// <summary>Opens one of them.</summary>
    public Breakers() => _open.ForceOpen();

    /// <summary>A call passes and succeeds.</summary>
    [Benchmark]
    public void PassAndSucceed() => _closed.OnSuccess(_closed.TryAcquire());

    /// <summary>A call is refused.</summary>
    [Benchmark]
    public BreakerPermit Refuse() => _open.TryAcquire();
}
