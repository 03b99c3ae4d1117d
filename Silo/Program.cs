using Connections.Hosting;
using Connections.Silo.Clustering;
using Connections.Silo.Health;

return await HostRunner.RunAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddQuietLogging();
    builder.AddDrainLifetime();
    builder.AddRedisSilo();
    builder.AddSiloHealth();

    var app = builder.Build();
    app.MapHealth();
    return app;
});
