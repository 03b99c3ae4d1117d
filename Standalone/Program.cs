using Connections.Hosting;
using Connections.Standalone;

return await HostRunner.RunAsync(() => StandaloneApp.Build(args));
