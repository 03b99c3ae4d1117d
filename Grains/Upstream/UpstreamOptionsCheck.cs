using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>Checks at start what annotations cannot: the address template.</summary>
internal sealed class UpstreamOptionsCheck : IValidateOptions<UpstreamOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        if (string.IsNullOrEmpty(options.Url))
            return ValidateOptionsResult.Success;
        UpstreamAddress.Parse(options.Url, out var problem);
        return problem is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problem);
    }
}
