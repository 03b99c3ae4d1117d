using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Stage;

/// <summary>A file system of a few megabytes in memory, that can be filled up. Needs Linux and root.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    /// <summary>Why this machine cannot have one; null when it can.</summary>
    public static string? Missing() => OperatingSystem.IsLinux() && Environment.UserName == "root" ? null : "a file system of its own needs Linux and root";

    /// <summary>Makes one.</summary>
    public static async Task<SmallDisk> MountAsync()
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("connections-disk-").FullName);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.Folder);
        return disk;
    }

    /// <summary>Takes every byte that is free.</summary>
    public static void Fill(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives them back.</summary>
    public static void Free(string folder) => File.Delete(Path.Combine(folder, "filler"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        File.Delete(Filler);
        await RunAsync("umount", Folder);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] args)
    {
        await using var process = ChildProcess.Start(program, program, args);
        await Eventually.HoldsAsync(() => process.HasExited, $"{program} ends");
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}: {process.Output}");
    }
}
