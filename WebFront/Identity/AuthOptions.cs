using System.ComponentModel.DataAnnotations;

namespace Connections.WebFront.Identity;

/// <summary>
/// Who may come in; section <c>Auth</c>. Tokens are JWTs, checked with <see cref="SigningKey"/> or with the keys of <see cref="Authority"/>;
/// outside Development one of the two is needed.
/// </summary>
public sealed class AuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Auth";

    /// <summary>The symmetric key of the tokens, 32 bytes or more in UTF-8.</summary>
    [MinLength(32, ErrorMessage = "Auth:SigningKey must have at least 32 characters.")]
    public string? SigningKey { get; set; }

    /// <summary>The OpenID Connect authority whose keys sign the tokens.</summary>
    [Url(ErrorMessage = "Auth:Authority must be an absolute address such as https://login.example.org/.")]
    public string? Authority { get; set; }

    /// <summary>The audience that tokens must have; not checked when empty.</summary>
    public string? Audience { get; set; }

    /// <summary>The issuer that tokens must have; not checked when empty, except that an authority names its own.</summary>
    public string? Issuer { get; set; }

    /// <summary>The claim that names the user. Default <c>sub</c>.</summary>
    [Required]
    public string UserIdClaim { get; set; } = "sub";

    /// <summary>The role that may use the admin pages. Default <c>admin</c>.</summary>
    [Required]
    public string AdminRole { get; set; } = "admin";

    /// <summary>How long a revocation is kept; longer than any token lives, for a token that outlives it is good again. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepRevocations { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Origins other than the front's own from which browsers may connect, such as <c>https://app.example.org</c>.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
