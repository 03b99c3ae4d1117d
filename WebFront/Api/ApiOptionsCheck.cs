using Microsoft.Extensions.Options;

namespace Connections.WebFront.Api;

/// <summary>Checks at start what annotations cannot.</summary>
internal sealed class ApiOptionsCheck : IValidateOptions<ApiOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var failures = new List<string>();
        foreach (var (route, value) in options.Routes)
        {
            if (route.Length is 0 or > 64 || route.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
                failures.Add($"Api:Routes:{route}: the name of a route is 1 to 64 of A-Z a-z 0-9 - _.");
            if (value.Destination is null && options.Destination is null)
                failures.Add($"Api:Routes:{route}:Destination is missing, and there is no Api:Destination for it to fall back to.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
