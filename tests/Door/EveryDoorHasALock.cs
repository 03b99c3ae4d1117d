using System.Net;
using Connections.Testing.Processes;
using Connections.WebFront.Tests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Connections.Door.Tests;

/// <summary>Every endpoint of every process, management ports included, says who may call it; and the front does what they say.</summary>
public sealed class EveryDoorHasALock : IAsyncLifetime
{
    private const string AdminPolicy = "admin";

    private readonly RedisServer _redis = new();
    private HostedProgram _silo = null!;
    private HostedProgram _front = null!;
    private HostedProgram _standalone = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync();
        string[] shared = ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:redis={_redis.ConnectionString}"];
        _silo = await HostedProgram.StartAsync(
            "Silo", [.. shared, $"--Management:Port={FreePorts.Next()}", "--Silo:AdvertisedAddress=127.0.0.1", $"--Silo:SiloPort={FreePorts.Next()}", $"--Silo:GatewayPort={FreePorts.Next()}"]);
        _front = await HostedProgram.StartAsync(
            "WebFront", [.. shared, $"--Management:Port={FreePorts.Next()}", $"--Auth:SigningKey={Tokens.Key}", "--Api:Destination=http://127.0.0.1:1"]);
        _standalone = await HostedProgram.StartAsync(
            "Standalone", [.. shared, $"--Management:Port={FreePorts.Next()}", "--Silo:ClusterId=standalone", "--Standalone:SampleBackend=false"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _standalone.DisposeAsync();
        await _front.DisposeAsync();
        await _silo.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Every_endpoint_has_a_rule_and_the_front_keeps_it()
    {
        var all = _silo.Endpoints.Concat(_front.Endpoints).Concat(_standalone.Endpoints).OfType<RouteEndpoint>().ToArray();

        Assert.Empty(all.Where(e => !HasRule(e)).Select(Name));
        Assert.Equal(
            OpenDoors.All.Keys.Order(StringComparer.Ordinal), all.Where(IsOpen).SelectMany(Names).Distinct().Order(StringComparer.Ordinal));

        // The ways in are among them: an empty list would prove nothing.
        Assert.Superset(
            new HashSet<string> { "/hubs/connection", "/ws", "/sse", "/messages", "/connection", "/breakers", "/graphql", "/graphql/schema", "/api/{**rest}", "/admin/fronts", "/monitor/stream" },
            _front.Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!).ToHashSet());

        foreach (var endpoint in _front.Endpoints.OfType<RouteEndpoint>().Where(e => !IsOpen(e)))
        {
            await AnswersAsync(HttpStatusCode.Unauthorized, endpoint, null);
            await AnswersAsync(HttpStatusCode.Unauthorized, endpoint, Tokens.For("alice", key: "another key that is as long as it must be"));
            await AnswersAsync(HttpStatusCode.Forbidden, endpoint, Tokens.For("alice", claims: ("role", "admin")), origin: "https://evil.example.org");
            if (IsForAdmins(endpoint))
                await AnswersAsync(HttpStatusCode.Forbidden, endpoint, Tokens.For("alice"));
        }
    }

    private static bool IsOpen(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static bool HasRule(Endpoint endpoint) =>
        IsOpen(endpoint) || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Count > 0 || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null;

    private static bool IsForAdmins(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(d => d.Policy == AdminPolicy);

    private static IReadOnlyList<string> Methods(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static string Name(RouteEndpoint endpoint) => string.Join(", ", Names(endpoint));

    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        Methods(endpoint).DefaultIfEmpty("*").Select(m => $"{m} {endpoint.RoutePattern.RawText}");

    private async Task AnswersAsync(HttpStatusCode status, RouteEndpoint endpoint, string? token, string? origin = null)
    {
        var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(Part))));
        foreach (var method in Methods(endpoint).DefaultIfEmpty("GET"))
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_front.Address, $"/{path}"));
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            Assert.True(status == response.StatusCode, $"{method} /{path} answers {response.StatusCode} to {token ?? "nobody"} from {origin ?? "here"}, not {status}.");
        }

        static string Part(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPart part) =>
            part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "1";
    }
}
