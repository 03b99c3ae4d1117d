using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Connections.Testing.Processes;
using Connections.WebFront.Tests;

namespace Connections.Door.Tests;

/// <summary>A silo and two fronts as processes of their own, in Production: tokens alone open the door. Started once for a test class.</summary>
public sealed class ClosedCluster : IAsyncLifetime
{
    /// <summary>The processes; an upstream lingers for far longer than a token's end may take.</summary>
    public GatewayCluster Cluster { get; } = new(
        siloSettings: ["Connection:Linger=00:05:00"],
        backendSettings: ["--Backend:TickInterval=0"],
        frontSettings: [$"Auth:SigningKey={Tokens.Key}"],
        frontEnvironment: "Production");

    /// <summary>Where tabs connect.</summary>
    public Uri First => Cluster.Fronts[0].Address;

    /// <summary>The other front.</summary>
    public Uri Second => Cluster.Fronts[1].Address;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Cluster.StartAsync(silos: 1);
        await Task.WhenAll(IsKnownAsync(First), IsKnownAsync(Second));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    /// <summary>Asks the admin API of the first front, as an operator.</summary>
    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = First };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", Tokens.For("operator", claims: ("role", "admin")));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Asks the admin API; null while it cannot answer.</summary>
    public async Task<JsonElement?> TryAdminAsync(string path)
    {
        try
        {
            return await AdminAsync(HttpMethod.Get, path);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A token that a revocation of its user's tokens means: one of the same second would count as older too, but not by much.</summary>
    public static string IssuedBefore(string user) => Tokens.For(user, claims: ("iat", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1));

    /// <summary>What a front answers to a token.</summary>
    public static async Task<HttpStatusCode> StatusAsync(Uri front, string token)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        using var response = await http.GetAsync(new Uri(front, "/api/hello"));
        return response.StatusCode;
    }

    private Task IsKnownAsync(Uri front) => Testing.Eventually.HoldsAsync(
        async () => (await AdminAsync(HttpMethod.Get, "/admin/fronts")).GetRawText().Contains($":{front.Port}", StringComparison.Ordinal), $"{front} is known");
}
