using Connections.Hosting;
using Connections.WebFront;
using Connections.WebFront.Silos;

return await HostRunner.RunAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddQuietLogging();
    builder.AddDrainLifetime();
    builder.AddClusterClient();
    builder.AddFront();

    var app = builder.Build();
    app.MapHealth();
    app.MapFront();
    return app;
});
