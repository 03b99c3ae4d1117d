using System.ComponentModel.DataAnnotations;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Api;

/// <summary>One route below <c>/api</c>; section <c>Api:Routes:&lt;name&gt;</c>.</summary>
public sealed class ApiRouteOptions
{
    /// <summary>What it matches, as an ASP.NET Core route. Default <c>/api/&lt;name&gt;/{**rest}</c>.</summary>
    [RegularExpression("^/api/.*", ErrorMessage = "Path must begin with /api/.")]
    public string? Path { get; set; }

    /// <summary>Where its requests go. Default: <see cref="ApiOptions.Destination"/>.</summary>
    [Url]
    public string? Destination { get; set; }

    /// <summary>Whether requests without a token pass. Default false.</summary>
    public bool Anonymous { get; set; }

    /// <summary>The rules of its breaker. Default: <see cref="ApiOptions.Breaker"/>.</summary>
    [ValidateObjectMembers]
    public BreakerOptions? Breaker { get; set; }
}
