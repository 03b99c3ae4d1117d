using Microsoft.Extensions.Options;

namespace Connections.WebFront.Identity;

/// <summary>Checks at start what annotations cannot: no front outside Development without a way to check tokens.</summary>
internal sealed class AuthOptionsCheck(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AuthOptions options) =>
        environment.IsDevelopment() || options.SigningKey is not null || options.Authority is not null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Auth:SigningKey and Auth:Authority are both missing: give the key that signs your tokens, or the authority that issues them "
                + "(by environment: Auth__SigningKey). Only the Development environment does without.");
}
