namespace Connections.Door.Tests;

/// <summary>The endpoints that anybody may call, each with its reason. Whoever adds one adds it here and to <c>docs/security.md</c>, and says why.</summary>
internal static class OpenDoors
{
    /// <summary>By what is called.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GET /login"] = "the form that asks an admin for a token",
        ["POST /login"] = "checks the token that is posted; answers 401 to one without the admin role",
        ["POST /logout"] = "forgets the caller's own cookie",
        ["GET /health/live"] = "supervisors have no token; says nothing but that the process answers",
        ["GET /health/startup"] = "supervisors have no token; says whether the process has started",
        ["GET /health/ready"] = "balancers have no token; says whether, and which of its checks not",
        ["* /metrics"] = "Prometheus; on the management port, and on the main one in Development alone",
        ["GET /sample-backend"] = "the stand-alone process alone: the address of the sample backend, for the page",
    };
}
