using System.Diagnostics.CodeAnalysis;
using Connections.Grains.Abstractions.State;

namespace Connections.WebFront.Admin;

/// <summary>The commands of breakers as they stand in addresses.</summary>
internal static class BreakerCommands
{
    /// <summary>Reads one.</summary>
    public static bool TryRead(string text, out BreakerCommand command, [NotNullWhen(false)] out IResult? problem)
    {
        BreakerCommand? read = text switch
        {
            "reset" => BreakerCommand.Reset,
            "force-open" => BreakerCommand.ForceOpen,
            "force-closed" => BreakerCommand.ForceClosed,
            _ => null,
        };
        command = read ?? default;
        problem = read is not null
            ? null
            : Results.Problem($"There is no command '{text}': there are reset, force-open and force-closed.", statusCode: StatusCodes.Status400BadRequest);
        return problem is null;
    }

    /// <summary>Who and why, as it stands in a breaker's history.</summary>
    public static string Detail(HttpContext http, AdminReason? body) =>
        string.IsNullOrWhiteSpace(body?.Reason) ? AuditTrail.Who(http) : $"{AuditTrail.Who(http)}: {body.Reason}";
}
