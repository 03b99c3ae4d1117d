using System.Text.Json;
using Connections.Hosting.Telemetry;
using Connections.WebFront.Identity;
using Connections.WebFront.Telemetry;
using Microsoft.Extensions.FileProviders;

namespace Connections.WebFront.Monitor;

/// <summary>The monitoring page at <c>/monitor</c> and the one stream that feeds it; both for admins.</summary>
internal static class MonitorSetup
{
    private const string Route = "/monitor";
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Registers it.</summary>
    public static void AddMonitor(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new Figures(FrontTelemetry.Name));
        builder.Services.AddSingleton<BoardReporter>();
        builder.Services.AddHostedService(s => s.GetRequiredService<BoardReporter>());
    }

    /// <summary>Maps it.</summary>
    public static void MapMonitor(this WebApplication app)
    {
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "Monitor", "page"));
        var monitor = app.MapGroup(Route).RequireAuthorization(IdentitySetup.AdminPolicy);
        monitor.MapGet("/stream", StreamAsync);
        monitor.MapGet("/{file?}", (HttpContext http, string? file) => ServeAsync(http, files, file));
    }

    // A page of few files that only admins get: the static file server knows no policies.
    private static async Task ServeAsync(HttpContext http, PhysicalFileProvider files, string? name)
    {
        if (name is null && !http.Request.Path.Value!.EndsWith('/'))
        {
            http.Response.Redirect($"{Route}/{http.Request.QueryString}");
            return;
        }

        var file = files.GetFileInfo(name ?? "index.html");
        if (!file.Exists || file.IsDirectory)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = Path.GetExtension(file.Name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        };
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        await http.Response.SendFileAsync(file, http.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext http, BoardReporter board, TokenLeases leases)
    {
        using var lease = http.User.Identity?.IsAuthenticated == true ? leases.Hold(Caller.Of(http), http.Abort) : null;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            while (true)
            {
                var view = await board.Next.WaitAsync(either.Token);
                await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(view, Json)}\n\n", either.Token);
                await http.Response.Body.FlushAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page is closed, or the front stops.
        }
    }
}
