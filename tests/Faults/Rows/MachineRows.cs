using System.Globalization;
using Connections.Faults.Tests.Crowd;
using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Rows;

/// <summary>A machine has no more of something.</summary>
public static class MachineRows
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("front that may open 2,000 files, 4,000 connections", "more than it can hold are ended at once; its tabs go on, and it takes new ones when there is room", TooManyConnectionsAsync)
        {
            LiveWithin = 10 * Second, IsInShortRun = true,
        },
        new("silo has no file descriptors left", "its users go on, or move as from a silo that stops or dies; new ones wait for it or go elsewhere", NoFilesAsync)
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = null, BackWithin = 10 * Second, Lasts = 8 * Second,
        },
        new("silo with a heap of 160 MiB, 40 flooded users", "logs stay within their bounds, it lives", SmallHeapAsync) { Lasts = 10 * Second },
        new("disk of Redis full", "users go on; what could not be stored is when there is room again", DiskFullAsync) { Lasts = 10 * Second, Stage = StageKind.SmallDisk },
    ];

    private static async Task<Heal> TooManyConnectionsAsync(GatewayStage stage)
    {
        const int files = 2_000;
        var small = await stage.AddFrontAsync(new ProcessPlace(["prlimit", $"--nofile={files}:{files}"]));
        var tab = stage.OpenTab($"{Victims.Prefix}-small", "small-tab", stage.DoorOf(small));
        await Eventually.HoldsAsync(() => tab.NewestMade > 0, "the small front takes a tab", seen: () => small.Process.Output);
        tab.BeginWindow();
        var idle = await CrowdsOfTabs.ConnectAsync(small.Address, 4_000);
        return async () =>
        {
            var ended = idle.Count(CrowdsOfTabs.HasEnded);
            stage.Note($"{ended} of {idle.Length} connections were ended at once");
            if (ended == 0)
                throw new InvalidOperationException("None was ended: the fault was none.");
            if (tab.Window.IsTouched)
                throw new InvalidOperationException($"The small front's own tab lost its line: {tab.LastEnd}");
            foreach (var socket in idle)
                socket.Dispose();
            await Eventually.HoldsAsync(() => RoomAsync(small.Address), "the small front takes connections again", seen: () => small.Process.Output);
            await tab.DisposeAsync();
            stage.IsExpendable(small.Process);
            await small.Process.TerminateAsync();
        };
    }

    private static async Task<bool> RoomAsync(Uri front)
    {
        using var http = new HttpClient { BaseAddress = front };
        try
        {
            return (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<Heal> NoFilesAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        var process = silo.Process;
        stage.IsExpendable(process);
        await stage.HitsUsersOfAsync(silo);
        var (soft, hard) = await LimitsAsync(process);
        await LimitAsync(process, Directory.GetFiles($"/proc/{process.Pid}/fd").Length, hard);
        var newcomers = Victims.Begin(stage, 10);
        return async () =>
        {
            stage.Note($"{newcomers.Tabs.Count(t => t.NewestMade > 0)} of {newcomers.Tabs.Count} newcomers were live meanwhile");
            stage.Note($"the silo {(process.HasExited ? $"ended with {process.ExitCode}" : "lived")}");
            if (!process.HasExited)
                await LimitAsync(process, soft, hard);
            await newcomers.AreLiveAsync();
            await newcomers.DisposeAsync();
        };
    }

    private static async Task<(long Soft, long Hard)> LimitsAsync(ChildProcess process)
    {
        var line = (await File.ReadAllLinesAsync($"/proc/{process.Pid}/limits")).Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(parts[3], CultureInfo.InvariantCulture), long.Parse(parts[4], CultureInfo.InvariantCulture));
    }

    private static async Task LimitAsync(ChildProcess process, long soft, long hard)
    {
        await using var prlimit = ChildProcess.Start("prlimit", "prlimit", "--pid", $"{process.Pid}", $"--nofile={soft}:{hard}");
        await Eventually.HoldsAsync(() => prlimit.HasExited, "prlimit ends");
        if (prlimit.ExitCode != 0)
            throw new InvalidOperationException($"prlimit ended with {prlimit.ExitCode}: {prlimit.Output}");
    }

    private static async Task<Heal> SmallHeapAsync(GatewayStage stage)
    {
        const int heap = 160 << 20;
        const int bytes = 16 << 10;
        var silo = await stage.AddSiloAsync(new ProcessPlace(Variables: new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = $"0x{heap:x}" }));
        var victims = await Victims.ComeAsync(stage, 40);
        victims.Play(stage.Backend.ServeAt(Second / 10, bytes));
        return async () =>
        {
            if (silo.Process.HasExited)
                throw new InvalidOperationException($"The silo ended with {silo.Process.ExitCode}:\n{silo.Process.Output}");
            stage.Note($"it had {(await silo.MetricsAsync()).Sum("connections_users")} users and {silo.Process.ResidentMiB()} MiB of the machine");
            victims.Play(stage.Backend.Serve);
            await victims.AreLiveAsync();
            await victims.DisposeAsync();
            stage.IsExpendable(silo.Process);
            await silo.Process.TerminateAsync(TimeSpan.FromSeconds(45));
        };
    }

    private static Task<Heal> DiskFullAsync(GatewayStage stage)
    {
        SmallDisk.Fill(stage.RedisFolder!);
        var newcomers = Victims.Begin(stage, 30);
        return Task.FromResult<Heal>(async () =>
        {
            var persistence = await stage.Redis.AskAsync("info", "persistence");
            if (!persistence.Contains("aof_last_write_status:err", StringComparison.Ordinal))
                throw new InvalidOperationException($"Redis did not notice that its disk is full:\n{persistence}");
            stage.Note($"{newcomers.Tabs.Count(t => t.NewestMade > 0)} of {newcomers.Tabs.Count} newcomers were live meanwhile");
            SmallDisk.Free(stage.RedisFolder!);
            stage.Note($"newcomers live {(await newcomers.AreLiveAsync()).TotalSeconds:0.0} s after it");
            await newcomers.DisposeAsync();
        });
    }
}
