using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Connections.Testing.Processes;

/// <summary>A process of a test: ended by its pid, its output kept for the message of a failure.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const int SigInt = 2;
    private const int KeptLines = 200;

    private readonly ConcurrentQueue<string> _output = [];
    private readonly Process _process;

    private readonly Action<string>? _heard;

    private ChildProcess(string name, ProcessStartInfo info, Action<string>? heard = null)
    {
        Name = name;
        _heard = heard;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += (sender, e) =>
        {
            Keep(sender, e);
            if (e.Data is not null)
                _heard?.Invoke(e.Data);
        };
        _process.ErrorDataReceived += (sender, e) =>
        {
            Keep(sender, e);
            if (e.Data is not null)
                _heard?.Invoke(e.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Its number for the kernel.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The processor time that it has taken.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The memory that it has of the machine.</summary>
    public int ResidentMiB()
    {
        _process.Refresh();
        return (int)(_process.WorkingSet64 >> 20);
    }

    /// <summary>The last lines of its output.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a .NET program of this repository.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="project">The project's folder.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="environment">Development or Production.</param>
    /// <param name="workingDirectory">Where it runs; by default the folder for temporary files.</param>
    /// <param name="heard">Is given every line of its output.</param>
    /// <param name="place">Where or how it runs when not as it is.</param>
    public static ChildProcess StartProject(
        string name,
        string project,
        IEnumerable<string> args,
        string environment = "Development",
        string? workingDirectory = null,
        Action<string>? heard = null,
        ProcessPlace? place = null)
    {
        // A shell has what it starts in the background ignore SIGINT, and so would this process: Ctrl+C must reach it all the same.
        string[] command = [.. place?.Prefix ?? [], .. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), "dotnet"];
        var info = new ProcessStartInfo(command[0], [.. command[1..], Repository.Program(project), .. args]);
        foreach (var (key, value) in place?.Variables ?? new Dictionary<string, string>())
            info.Environment[key] = value;
        info.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        info.WorkingDirectory = workingDirectory ?? Path.GetTempPath();

        // Several processes share the machine with the tests.
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        return new ChildProcess(name, info, heard);
    }

    /// <summary>Starts a program of the machine.</summary>
    public static ChildProcess Start(string name, string program, params string[] args) =>
        new(name, new ProcessStartInfo(program, args));

    /// <summary>Starts a program of the machine, and hears each line of its standard output.</summary>
    public static ChildProcess StartHeard(string name, string program, Action<string> heard, params string[] args) =>
        new(name, new ProcessStartInfo(program, args), heard);

    /// <summary>Ends it without a word, as a crash would.</summary>
    public async Task KillAsync()
    {
        Signal(SigKill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task<int> TerminateAsync(TimeSpan? within = null) => await StopAsync(SigTerm, within);

    /// <summary>Presses Ctrl+C, and waits until it has stopped.</summary>
    public async Task<int> InterruptAsync(TimeSpan? within = null) => await StopAsync(SigInt, within);

    /// <summary>Asks it to stop, and returns at once.</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Freezes it, as a machine that hangs would.</summary>
    public void Freeze() => Signal(SigStop);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal(SigCont);

    /// <summary>Waits until an address of it answers 200.</summary>
    public async Task AnswersAsync(Uri address, TimeSpan? within = null)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Eventually.HoldsAsync(
            async () =>
            {
                if (HasExited)
                    throw new InvalidOperationException($"{Name} ended with {ExitCode}:\n{Output}");
                try
                {
                    using var response = await http.GetAsync(address);
                    return response.IsSuccessStatusCode;
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            $"{Name} answers at {address}",
            within ?? TimeSpan.FromSeconds(60),
            () => Output);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            await KillAsync();
        RemovePorts();
        _process.Dispose();
    }

    // The runtime's diagnostic ports, which one that was killed leaves behind: its number may be given to another process.
    private void RemovePorts()
    {
        foreach (var port in new[] { $"dotnet-diagnostic-{Pid}-*", $"clr-debug-pipe-{Pid}-*" })
        {
            foreach (var path in Directory.EnumerateFiles(Path.GetTempPath(), port))
                File.Delete(path);
        }
    }

    private async Task<int> StopAsync(int signal, TimeSpan? within)
    {
        Signal(signal);
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not stop in time:\n{Output}");
        }

        return ExitCode;
    }

    private void Signal(int signal)
    {
        if (!HasExited && kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} to {Name} failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null)
            return;
        _output.Enqueue(e.Data);
        while (_output.Count > KeptLines)
            _output.TryDequeue(out _);
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
