using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>Checks at start what annotations alone do not: the address template and files.</summary>
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
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
