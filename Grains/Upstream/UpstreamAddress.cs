using Connections.Core;

namespace Connections.Grains.Upstream;

/// <summary>Turns the configured template into a user's upstream address, and lets no user id lead anywhere else.</summary>
public sealed class UpstreamAddress
{
    private const string Placeholder = "{userId}";

    private readonly string _template;
    private readonly Uri _sample;
    private readonly string _pathPrefix;

    private UpstreamAddress(string template, Uri sample)
    {
        _template = template;
        _sample = sample;
        var path = template[(template.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var fixedPath = slash < 0 ? "/" : path[slash..];
        var cut = fixedPath.IndexOf(Placeholder, StringComparison.Ordinal);
        _pathPrefix = (cut < 0 ? fixedPath : fixedPath[..cut]).Split('?')[0];
    }

    /// <summary>Reads a template.</summary>
    /// <param name="template">Such as <c>wss://backend/ws/{userId}</c>.</param>
    /// <param name="problem">What is wrong with it and what would be right, or null.</param>
    /// <returns>The address, or null when there is a problem.</returns>
    public static UpstreamAddress? Parse(string template, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(template);
        problem = null;
        if (!Uri.TryCreate(template.Replace(Placeholder, "user", StringComparison.Ordinal), UriKind.Absolute, out var sample) ||
            sample.Scheme is not ("ws" or "wss"))
        {
            problem = $"Upstream:Url is '{template}', but must be an absolute ws:// or wss:// address such as ws://backend:8008/ws/{{userId}}.";
            return null;
        }

        if (!sample.PathAndQuery.Contains("user", StringComparison.Ordinal) || !template.Contains(Placeholder, StringComparison.Ordinal))
        {
            problem = $"Upstream:Url is '{template}', but must name the user: put {{userId}} into its path or query.";
            return null;
        }

        return new UpstreamAddress(template, sample);
    }

    /// <summary>The upstream address of a user.</summary>
    /// <exception cref="InvalidOperationException">The address would leave the configured host or path; cannot happen with a checked user id.</exception>
    public Uri For(UserId user)
    {
        var uri = new Uri(_template.Replace(Placeholder, Uri.EscapeDataString(user.Value), StringComparison.Ordinal));
        if (uri.Scheme != _sample.Scheme || uri.Host != _sample.Host || uri.Port != _sample.Port || uri.UserInfo != _sample.UserInfo ||
            !uri.AbsolutePath.StartsWith(_pathPrefix, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The upstream address of a user left {_sample.GetLeftPart(UriPartial.Authority)}{_pathPrefix}.");
        }

        return uri;
    }
}
