using System.Diagnostics;
using Connections.Testing;
using Connections.Testing.Lines;
using Connections.Testing.Processes;

namespace Connections.Standalone.Tests;

/// <summary>The samples do what they say, against the one-command gateway.</summary>
public sealed class Samples : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("connections-samples-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task The_walk_with_curl_ends_well()
    {
        await using var standalone = await StandaloneProcess.StartAsync(_data.FullName);
        await using var walk = ChildProcess.Start(
            "walkthrough", Path.Combine(Repository.Root, "samples", "curl", "walkthrough.sh"), standalone.Address.GetLeftPart(UriPartial.Authority), "walker");

        await Eventually.HoldsAsync(() => walk.HasExited, "the walk has ended", TimeSpan.FromSeconds(120), () => walk.Output);

        Assert.True(walk.ExitCode == 0, walk.Output);
    }

    [Fact]
    public async Task The_dotnet_client_prints_frames_sends_lines_and_goes_on_after_a_cut()
    {
        await using var standalone = await StandaloneProcess.StartAsync(_data.FullName);
        await using var line = new Line(standalone.Address);
        using var client = Process.Start(new ProcessStartInfo("dotnet", [Repository.Program("samples/DotNetClient"), line.Address.ToString(), "walker"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        client.OutputDataReceived += (_, e) => seen.Enqueue(e.Data ?? "");
        client.BeginOutputReadLine();
        try
        {
            await SeesAsync("upstream: open");
            await standalone.Backend.PushAsync("walker", "before the cut");
            await SeesAsync("text before the cut");
            await client.StandardInput.WriteLineAsync("from the sample");
            await SeesAsync("Status = sent");
            line.Cut();
            await standalone.Backend.PushAsync("walker", "during the cut");
            line.Lay(standalone.Address);
            await SeesAsync("text during the cut");
        }
        finally
        {
            client.Kill();
        }

        Assert.Contains("from the sample", await standalone.Backend.ReceivedAsync("walker"));
        Assert.Single(seen, l => l.EndsWith("text before the cut", StringComparison.Ordinal));

        Task SeesAsync(string text) => Eventually.HoldsAsync(
            () => seen.Any(l => l.Contains(text, StringComparison.Ordinal)), $"the client prints '{text}'", TimeSpan.FromSeconds(40), () => string.Join('\n', seen));
    }
}
