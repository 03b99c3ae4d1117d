using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>Checks at start what annotations alone do not: the address template, files, nested options.</summary>
internal sealed class UpstreamOptionsCheck : IValidateOptions<UpstreamOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var problems = new List<string>();
        if (!string.IsNullOrEmpty(options.Url) && UpstreamAddress.Parse(options.Url, out var problem) is null)
            problems.Add(problem!);
        if (options.AuthorityFile is { } file && !File.Exists(file))
            problems.Add($"Upstream:AuthorityFile is '{file}', but there is no such file: give a PEM file with the backend's certificate authority.");
        Check(options.Breaker, "Upstream:Breaker", problems);
        Check(options.Health, "Upstream:Health", problems);
        Check(options.Backoff, "Upstream:Backoff", problems);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // Annotations on nested options are not looked at by themselves.
    private static void Check(object options, string section, List<string> problems)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
            problems.AddRange(results.Select(r => $"{section}: {r.ErrorMessage}"));
    }
}
