namespace Connections.WebFront.Admission;

/// <summary>Refuses new tabs while the front starts or stops or is full, in a way that balancers and clients try again.</summary>
internal static class AdmissionSetup
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Has every connection pass the cap.</summary>
    public static void AddConnectionCap(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConnectionCap>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            var cap = endpoint.ApplicationServices.GetRequiredService<ConnectionCap>();
            endpoint.Use(next => connection => cap.ServeAsync(connection, next));
        }));
    }

    /// <summary>Marks a way in.</summary>
    public static T TakesTabs<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(Admission.TakesTabs.Mark);

    /// <summary>Answers 503 with <c>Retry-After</c> on the ways in while the door is closed or the front is full.</summary>
    public static void UseFrontDoor(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<FrontDoor>();
        app.Use((http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<TakesTabs>() is null || (door.ClosedBecause ?? door.FullBecause) is not { } reason)
                return next(http);
            Telemetry.TabMetrics.Refused();
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Results.Problem(reason, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
        });
    }
}
