namespace Connections.Backend.Faults;

/// <summary>The body of <c>PUT /faults</c>, before it is checked; the meaning of each member is that of <see cref="Fault"/>.</summary>
internal sealed record FaultRequest(
    string? Mode = null,
    int? Status = null,
    int? RetryAfterSeconds = null,
    double? UpSeconds = null,
    double? DownSeconds = null,
    int? PerSecond = null,
    string[]? Users = null,
    string? Api = null,
    double? ApiDelaySeconds = null);
