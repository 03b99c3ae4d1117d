using Connections.Backend.Users;

namespace Connections.Backend.Stats;

/// <summary>What the backend has seen, for tests, benchmarks and the demo page.</summary>
internal static class StatsEndpoints
{
    internal static void AddStats(this IServiceCollection services)
    {
        services.AddSingleton<Totals>();
        services.AddSingleton<StatsBook>();
    }

    internal static void MapStats(this WebApplication app)
    {
        app.MapGet("/stats", (StatsBook book, bool? users) => TypedResults.Ok(book.Read(users ?? true)));
        app.MapPost("/stats/reset", (StatsBook book) =>
        {
            book.Reset();
            return TypedResults.NoContent();
        });
        app.MapGet("/users/{userId}", (string userId, UserDirectory users) =>
            TypedResults.Ok(users.Find(userId)?.Stats ?? UserStats.None));
        app.MapGet("/received/{userId}", (string userId, UserDirectory users) =>
            TypedResults.Ok(users.Find(userId)?.Inbox.ToArray() ?? []));
    }
}
