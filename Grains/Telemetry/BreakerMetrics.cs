using System.Diagnostics.Metrics;
using Connections.Core;
using static Connections.Grains.Telemetry.GrainTelemetry;

namespace Connections.Grains.Telemetry;

/// <summary>Breakers of this silo: each user's, the one for the backend as a whole, and those of routes under <c>/api</c>.</summary>
internal static class BreakerMetrics
{
    /// <summary>The breaker of one user.</summary>
    public const string User = "user";

    /// <summary>The health of the backend as this silo sees it.</summary>
    public const string Upstream = "upstream";

    /// <summary>The breaker of a route under <c>/api</c>.</summary>
    public const string Api = "api";

    private static readonly UpDownCounter<int> Breakers = Instruments.CreateUpDownCounter<int>(
        "connections.breakers", "{breaker}", "Breakers, by scope and state.");

    private static readonly Counter<long> Transitions = Instruments.CreateCounter<long>(
        "connections.breaker.transitions", "{transition}", "Moves of breakers.");

    private static readonly Counter<long> Recoveries = Instruments.CreateCounter<long>(
        "connections.breaker.recoveries", "{probe}", "Probes of half-open breakers, by whether they brought it back.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        Recovered(User, "success", 0);
        Recovered(User, "failure", 0);
        foreach (var scope in (string[])[User, Upstream])
        {
            foreach (var state in (BreakerState[])[BreakerState.Open, BreakerState.HalfOpen])
                Breakers.Add(0, Scope(scope), State(state));
        }
    }

    public static void Added(string scope, BreakerState state) => Breakers.Add(1, Scope(scope), State(state));

    public static void Removed(string scope, BreakerState state) => Breakers.Add(-1, Scope(scope), State(state));

    public static void Transitioned(string scope, BreakerTransition transition)
    {
        Transitions.Add(
            1,
            Scope(scope),
            Tag("connections.breaker.from", Words.Of(transition.From)),
            Tag("connections.breaker.to", Words.Of(transition.To)),
            Tag("connections.breaker.reason", Words.Of(transition.Reason)));
        if (transition.From != transition.To)
        {
            Removed(scope, transition.From);
            Added(scope, transition.To);
        }

        if (transition.Reason is BreakerTransitionReason.ProbeSucceeded or BreakerTransitionReason.ProbeFailed or BreakerTransitionReason.ProbeTimedOut)
        {
            var outcome = transition.Reason is BreakerTransitionReason.ProbeSucceeded ? "success" : "failure";
            Recovered(scope, outcome, 1);
        }
    }

    private static void Recovered(string scope, string outcome, int probes) =>
        Recoveries.Add(probes, Scope(scope), Tag("connections.breaker.outcome", outcome));

    private static KeyValuePair<string, object?> Scope(string scope) => Tag("connections.breaker.scope", scope);

    private static KeyValuePair<string, object?> State(BreakerState state) => Tag("connections.breaker.state", Words.Of(state));
}
