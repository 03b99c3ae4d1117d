using Connections.Hosting;
using Connections.Hosting.Draining;
using Connections.Hosting.Management;
using Connections.Hosting.Memory;
using Connections.WebFront;
using Connections.WebFront.Silos;

return await HostRunner.RunAsync(args, () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddSecretFiles();
    builder.AddQuietLogging();
    builder.AddManagement();
    builder.AddMemory();
    builder.AddDrainLifetime();
    builder.AddClusterClient();
    builder.AddFront();

    var app = builder.Build();
    app.MapManagement();
    app.MapFront();
    return app;
});
