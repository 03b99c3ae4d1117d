using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        if (options.AuthorityFile is { } file && ProblemWith(file) is { } wrong)
            problems.Add($"Upstream:AuthorityFile is '{file}', but {wrong}: give a PEM file with the backend's certificate authority.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string? ProblemWith(string authorityFile)
    {
        if (!File.Exists(authorityFile))
            return "there is no such file";
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(authorityFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"it can't be read ({e.Message})";
        }

        return authorities.Count == 0 ? "there is no certificate in it" : null;
    }
}
