namespace Connections.WebFront.Admission;

/// <summary>Marks the ways in, which a front that starts or stops does not serve.</summary>
internal sealed class TakesTabs
{
    /// <summary>The one instance.</summary>
    public static TakesTabs Mark { get; } = new();
}
