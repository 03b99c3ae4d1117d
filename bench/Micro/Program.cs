// What do the pieces on a frame's way cost, and what do they allocate?
//   dotnet run -c Release --project bench/Micro                        all, some minutes
//   dotnet run -c Release --project bench/Micro -- --filter '*Encoding*'
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Connections.Micro;

// In this process: a project that BenchmarkDotNet makes up would not see the internals.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default);
BenchmarkSwitcher.FromAssembly(typeof(Payloads).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
