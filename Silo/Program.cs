using Connections.Hosting;
using Connections.Hosting.Draining;
using Connections.Hosting.Management;
using Connections.Hosting.Memory;
using Connections.Silo;
using Connections.Silo.Clustering;
using Connections.Silo.Health;

SocketThreads.GoOnInline();
return await HostRunner.RunAsync(args, () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddSecretFiles();
    builder.AddQuietLogging();
    builder.AddManagement();
    builder.AddMemory();
    builder.AddDrainLifetime();
    builder.AddRedisSilo();
    builder.AddSiloHealth();

    var app = builder.Build();
    app.MapManagement();
    return app;
});
