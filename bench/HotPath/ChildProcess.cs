using System.Diagnostics;

namespace Connections.HotPath;

/// <summary>This program, started again in another role.</summary>
internal static class ChildProcess
{
    /// <summary>Starts it. It reads its standard input and ends when that ends, so that it never outlives the one that started it.</summary>
    public static Process Start(params string[] args)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(info)!;
    }
}
