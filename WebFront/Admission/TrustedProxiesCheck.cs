using Microsoft.Extensions.Options;

namespace Connections.WebFront.Admission;

/// <summary>Checks at start what annotations cannot: that trusted proxies are addresses or networks.</summary>
internal sealed class TrustedProxiesCheck : IValidateOptions<FrontOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FrontOptions options) =>
        options.TrustedProxies.FirstOrDefault(p => !TrustedProxies.TryRead(p, out _)) is { } wrong
            ? ValidateOptionsResult.Fail($"Front:TrustedProxies has '{wrong}', which is neither an address nor a network: 10.0.0.0/8 or 10.1.2.3 would be right.")
            : ValidateOptionsResult.Success;
}
