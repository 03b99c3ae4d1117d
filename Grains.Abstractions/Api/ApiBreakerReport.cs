using Connections.Core;

namespace Connections.Grains.Abstractions.Api;

/// <summary>What a front saw of a route since its last report.</summary>
/// <param name="FrontId">The front.</param>
/// <param name="Watcher">Whom to tell of changes.</param>
/// <param name="Rules">The route's rules, as that front is configured: the last one to report is believed.</param>
/// <param name="Successes">Calls that succeeded.</param>
/// <param name="Failures">Calls that failed, or were too slow.</param>
/// <param name="LastSuccessAgoMs">How long ago the last success was, in milliseconds; null when there was none since the last report.</param>
[GenerateSerializer, Immutable, Alias("connections.api-breaker-report")]
public sealed record ApiBreakerReport(
    string FrontId, IApiBreakerWatcher Watcher, BreakerOptions Rules, int Successes, int Failures, long? LastSuccessAgoMs);
