using Connections.Hosting;
using Connections.Standalone;

return await HostRunner.RunAsync(args, () => StandaloneApp.Build(args));
