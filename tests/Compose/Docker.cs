using System.Diagnostics;
using Connections.Testing.Processes;

namespace Connections.Compose.Tests;

/// <summary>Runs <c>docker</c>, from the root of the repository.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Whether an engine answers.</summary>
    public static async Task<bool> AnswersAsync()
    {
        try
        {
            return (await StartAsync("docker", "info")).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static Task<string> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), "docker", args);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, string program, params string[] args)
    {
        var (code, output, errors) = await StartAsync(program, environment, args);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {code}:\n{output}\n{errors}");
    }

    private static Task<(int Code, string Output, string Errors)> StartAsync(string program, params string[] args) =>
        StartAsync(program, new Dictionary<string, string>(), args);

    private static async Task<(int Code, string Output, string Errors)> StartAsync(
        string program, IReadOnlyDictionary<string, string> environment, string[] args)
    {
        var info = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }
}
