namespace Connections.Core;

/// <summary>A status and, if it is <see cref="OutboxStatus.Rejected"/>, why.</summary>
/// <param name="Status">The status.</param>
/// <param name="Rejection">Why; <see cref="OutboxRejection.None"/> for any other status.</param>
public readonly record struct OutboxVerdict(OutboxStatus Status, OutboxRejection Rejection = OutboxRejection.None)
{
    /// <summary>Whether it can still change.</summary>
    public bool IsFinal => Status != OutboxStatus.Queued;
}
