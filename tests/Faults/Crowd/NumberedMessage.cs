using System.Globalization;

namespace Connections.Faults.Tests.Crowd;

/// <summary>A message of the backend: its number among its user's, and when it was made by the clock of this process.</summary>
public readonly record struct NumberedMessage(long Number, long At)
{
    /// <summary>What tells it from all others of its user.</summary>
    public string Name => Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One that is made now.</summary>
    public static NumberedMessage Next(long number) => new(number, TimeProvider.System.GetTimestamp());

    /// <summary>Reads one.</summary>
    public static bool TryRead(string? text, out NumberedMessage message)
    {
        message = default;
        if (text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not ["message", var number, var at])
            return false;
        message = new(long.Parse(number, CultureInfo.InvariantCulture), long.Parse(at, CultureInfo.InvariantCulture));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"message {Number} {At}");
}
