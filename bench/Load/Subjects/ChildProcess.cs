using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Connections.Load.Wire;

namespace Connections.Load.Subjects;

/// <summary>A process of a measurement: ended with it by its pid, its last lines kept for the message of a failure.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int KeptLines = 40;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private static readonly ConcurrentDictionary<ChildProcess, bool> Living = [];

    // A .NET host watches all files below where it runs: what others write there would be work of the process that is measured.
    private static readonly TempFolder Empty = new();

    private readonly ConcurrentQueue<string> _output = [];
    private readonly Process _process;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var (process, _) in Living)
            process.Dispose();
        Empty.Dispose();
    };

    private ChildProcess(ProcessStartInfo info, Action<string>? heard)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.WorkingDirectory = Empty.Path;
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += (_, e) => Keep(e.Data, heard);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data, null);
        _process.Start();
        Living.TryAdd(this, true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>This program in another role; it ends with its standard input.</summary>
    public static ChildProcess Self(IEnumerable<string> args, Action<string>? heard = null) =>
        new(new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. args]), heard);

    /// <summary>A program of this repository, as it was built together with this one.</summary>
    public static ChildProcess Project(string project, IEnumerable<string> args)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        var root = bin.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return new(new ProcessStartInfo("dotnet", [Path.Combine(root, project, "bin", bin.Parent.Name, bin.Name, $"Connections.{project}.dll"), .. args]), null);
    }

    /// <summary>A program of the machine.</summary>
    public static ChildProcess Program(string name, params string[] args) => new(new ProcessStartInfo(name, args), null);

    /// <summary>Says a line to it.</summary>
    public void Say(FormattableString line) => _process.StandardInput.WriteLine(FormattableString.Invariant(line));

    /// <summary>Waits until an address of it answers 200.</summary>
    public async Task AnswersAsync(int port, string path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await IsReadyAsync(port, async () =>
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
            return response.IsSuccessStatusCode;
        });
    }

    /// <summary>Waits until it listens.</summary>
    public Task ListensAsync(int port) => IsReadyAsync(port, async () =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Living.TryRemove(this, out _))
            return;
        _process.StandardInput.Close();
        if (!_process.HasExited && Libc.Kill(_process.Id, SigTerm) == 0 && !_process.WaitForExit(StopPatience))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private Task IsReadyAsync(int port, Func<Task<bool>> ask) => Waiting.ForAsync(
        async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}:\n{string.Join('\n', _output)}");
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
            {
                return false;
            }
        },
        StartPatience,
        () => $"port {port} answers; its process said:\n{string.Join('\n', _output)}");

    private void Keep(string? line, Action<string>? heard)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > KeptLines)
            _output.TryDequeue(out _);
        heard?.Invoke(line);
    }
}
