using System.Diagnostics;

namespace Connections.Backend.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task On_SIGTERM_the_process_ends_within_a_second_with_exit_code_0()
    {
        var dll = typeof(BackendApp).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [dll, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var address = await AddressAsync(process.StandardOutput);
            using var socket = await TestSocket.DialAsync("u1", address, change: null);
            using var idle = await TestSocket.DialAsync("u2", address, change: null); // never answers the close frame

            var clock = Stopwatch.StartNew();
            Process.Start("kill", ["-TERM", $"{process.Id}"]).Dispose();
            await socket.ExpectCloseAsync(1001);
            await process.WaitForExitAsync(Deadline.Token);

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"The process took {clock.Elapsed} to end.");
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static async Task<Uri> AddressAsync(StreamReader output)
    {
        const string listening = "Now listening on: ";
        while (await output.ReadLineAsync(Deadline.Token) is { } line)
        {
            if (line.IndexOf(listening, StringComparison.Ordinal) is >= 0 and var start)
                return new(line[(start + listening.Length)..]);
        }

        throw new InvalidOperationException("The process ended before it listened.");
    }
}
