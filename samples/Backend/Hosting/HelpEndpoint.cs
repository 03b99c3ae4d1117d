namespace Connections.Backend.Hosting;

/// <summary>What a person sees who opens the backend in a browser.</summary>
internal static class HelpEndpoint
{
    private const string Text = """
        Connections sample backend

        GET    /ws/{userId}             WebSocket: ticks and echoes. Commands as text messages:
                                        !close 4001 reason | !abort | !burst 500 | !size 100000 | !fragment abc | !binary 16
        GET    /received/{userId}       the last 1,000 messages this user sent here
        POST   /push/{userId}           the body goes to all connections of the user
        POST   /push?count=10&size=200  padded ticks to everybody
        GET    /stats  /users/{userId}  counters (/stats?users=false leaves the users out);  POST /stats/reset
        PUT    /faults                  {"mode":"none|refuse|stall-accept|stall|stop-reading|flap|flood","status":503,
                                         "retryAfterSeconds":5,"upSeconds":3,"downSeconds":3,"perSecond":1000,"users":["u1"],
                                         "api":"none|fail|slow|abort","apiDelaySeconds":5};  GET /faults  DELETE /faults
        POST   /drop                    aborts all connections; ?user=u1 ?code=1012&reason=restart
        GET    /api/hello  /api/time  /api/status/{code}  /api/slow?ms=500;  POST /api/echo
        GET    /health

        """;

    internal static void MapHelp(this WebApplication app) => app.MapGet("/", () => Text);
}
