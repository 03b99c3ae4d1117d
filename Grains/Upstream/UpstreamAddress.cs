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
        if (Sample(template, "user") is not { } sample || Sample(template, "other") is not { } other || sample.Scheme is not ("ws" or "wss"))
        {
            problem = $"Upstream:Url is '{template}', but must be an absolute ws:// or wss:// address such as ws://backend:8008/ws/{{userId}}.";
            return null;
        }

        // Of two users all must be the same but the path or the query: a user must not choose the host.
        if (sample.GetLeftPart(UriPartial.Authority) != other.GetLeftPart(UriPartial.Authority) || sample.PathAndQuery == other.PathAndQuery)
        {
            problem = $"Upstream:Url is '{template}', but must name the user: put {{userId}} into its path or query, and nowhere else.";
            return null;
        }

        // A path such as /ws/{userId}/../x names nobody once it is resolved.
        var address = new UpstreamAddress(template, sample);
        if (!address.Holds(sample) || !address.Holds(other))
        {
            problem = $"Upstream:Url is '{template}', but its path changes when it is resolved: leave out '.' and '..'.";
            return null;
        }

        return address;
    }

    /// <summary>The upstream address of a user.</summary>
    /// <exception cref="InvalidOperationException">The address would leave the configured host or path; cannot happen with a checked user id.</exception>
    public Uri For(UserId user)
    {
        var uri = new Uri(_template.Replace(Placeholder, Uri.EscapeDataString(user.Value), StringComparison.Ordinal));
        return Holds(uri) ? uri : throw new InvalidOperationException($"The upstream address of a user left {_sample.GetLeftPart(UriPartial.Authority)}{_pathPrefix}.");
    }

    private bool Holds(Uri uri) =>
        uri.Scheme == _sample.Scheme && uri.Host == _sample.Host && uri.Port == _sample.Port && uri.UserInfo == _sample.UserInfo &&
        uri.AbsolutePath.StartsWith(_pathPrefix, StringComparison.Ordinal);

    private static Uri? Sample(string template, string user) =>
        Uri.TryCreate(template.Replace(Placeholder, user, StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri : null;
}
