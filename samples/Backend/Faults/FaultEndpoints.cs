using System.Text.Json;
using Connections.Backend.Sockets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.Backend.Faults;

/// <summary>Switches faults on and off, and drops connections.</summary>
internal static partial class FaultEndpoints
{
    private const string Example =
        """{"mode":"refuse","status":503,"retryAfterSeconds":5,"users":["u1"],"api":"none"} would be right; members are """
        + FaultRules.Members + ".";

    internal static void AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<FaultSwitch>();
        services.AddHostedService<FaultDriver>();
    }

    internal static void MapFaults(this WebApplication app)
    {
        app.MapGet("/faults", (FaultSwitch faults) => TypedResults.Ok(faults.Current.Fault));
        app.MapPut("/faults", PutAsync);
        app.MapDelete("/faults", (FaultSwitch faults) =>
        {
            faults.Set(Fault.None);
            return TypedResults.NoContent();
        });
        app.MapPost("/drop", Drop);
    }

    private static async Task<IResult> PutAsync(
        HttpRequest request, FaultSwitch faults, ILogger<FaultSwitch> logger, CancellationToken gone)
    {
        FaultRequest? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(request.Body, BackendJson.Default.FaultRequest, gone);
        }
        catch (JsonException error)
        {
            return Bad($"{What(error)} A body such as {Example}");
        }

        if (body is null)
            return Bad($"The body is null. A body such as {Example}");
        var (fault, errors) = FaultRules.Check(body);
        if (fault is null)
            return TypedResults.ValidationProblem(errors!, string.Join(' ', errors!.Select(error => $"{error.Key}: {error.Value[0]}")));

        faults.Set(fault);
        LogSwitched(logger, fault.Mode, fault.Api);
        return TypedResults.Ok(fault);
    }

    private static string What(JsonException error) => error is { Path.Length: > 2, BytePositionInLine: var position }
        ? $"The value of '{error.Path[2..]}' can't be read (line {error.LineNumber + 1}, byte {position})."
        : $"The body can't be read: {error.Message}";

    private static IResult Drop(OpenConnections connections, string? user, int? code, string? reason)
    {
        var close = code is { } number ? CloseReason.From(number, reason) : null;
        if (code is not null && close is null)
            return Bad($"?code={code}&reason={reason} can't be sent in a close frame: {CloseReason.Rules} would be right.");

        var dropped = 0;
        foreach (var connection in connections.All.Where(connection => user is null || connection.User.Id == user))
        {
            dropped++;
            if (close is null)
                connection.Abort();
            else
                connection.Close(close);
        }

        return TypedResults.Ok(new DropResult(dropped));
    }

    private static ProblemHttpResult Bad(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status400BadRequest);

    [LoggerMessage(200, LogLevel.Information, "Switched faults: sockets {Mode}, API {Api}.")]
    private static partial void LogSwitched(ILogger logger, FaultMode mode, ApiFault api);
}
