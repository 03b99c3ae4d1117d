using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Connections.Backend.Faults;

/// <summary>Turns a request into a fault, or says member by member what is wrong and what would be right.</summary>
internal sealed class FaultRules
{
    internal const string Members = "mode, status, retryAfterSeconds, upSeconds, downSeconds, perSecond, users, api, apiDelaySeconds";

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Exactly one of the two is not null.</summary>
    internal static (Fault? Fault, Dictionary<string, string[]>? Errors) Check(FaultRequest request)
    {
        var rules = new FaultRules();
        var fault = rules.Read(request);
        foreach (var member in request.Unknown?.Keys ?? Enumerable.Empty<string>())
            rules._errors[member] = [$"There is no such member; {Members} would be right."];
        return rules._errors.Count == 0 ? (fault, null) : (null, rules._errors);
    }

    private Fault Read(FaultRequest request) => new()
    {
        Mode = Word("mode", request.Mode, BackendJson.Default.FaultMode),
        Status = (int)InRange("status", request.Status, 300, 599, Fault.None.Status),
        RetryAfterSeconds = request.RetryAfterSeconds is { } seconds ? (int)InRange("retryAfterSeconds", seconds, 0, 3_600, 0) : null,
        UpSeconds = InRange("upSeconds", request.UpSeconds, 0.05, 3_600, Fault.None.UpSeconds),
        DownSeconds = InRange("downSeconds", request.DownSeconds, 0.05, 3_600, Fault.None.DownSeconds),
        PerSecond = (int)InRange("perSecond", request.PerSecond, 1, 1_000_000, Fault.None.PerSecond),
        Users = UserIds(request.Users),
        Api = Word("api", request.Api, BackendJson.Default.ApiFault),
        ApiDelaySeconds = InRange("apiDelaySeconds", request.ApiDelaySeconds, 0, 600, Fault.None.ApiDelaySeconds),
    };

    private T Word<T>(string member, string? word, JsonTypeInfo<T> json)
        where T : struct, Enum
    {
        if (word is null)
            return default;
        var words = Enum.GetValues<T>().ToDictionary(value => JsonSerializer.Serialize(value, json).Trim('"'), StringComparer.Ordinal);
        if (words.TryGetValue(word, out var value))
            return value;
        _errors[member] = [$"'{word}' is not known; one of {string.Join(", ", words.Keys)} would be right."];
        return default;
    }

    private double InRange(string member, double? number, double min, double max, double byDefault)
    {
        if (number is not { } value)
            return byDefault;
        if (value < min || value > max)
            _errors[member] = [$"{value} is out of range; a number from {min} to {max} would be right."];
        return value;
    }

    private HashSet<string>? UserIds(string[]? users)
    {
        if (users is null)
            return null;
        if (users.Length == 0 || users.Any(string.IsNullOrEmpty))
            _errors["users"] = ["The list is empty or has an empty name; write [\"u1\"], or leave the member out to hit everybody."];
        return users.ToHashSet(StringComparer.Ordinal);
    }
}
