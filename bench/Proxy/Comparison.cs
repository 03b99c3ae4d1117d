using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Connections.Proxy;

/// <summary>The three ways to the backend, in turns, so that what else the machine does hits all of them.</summary>
internal static class Comparison
{
    private const string Key = "the key of this measurement, which nobody else has";
    private const int Rounds = 5;
    private const int Connections = 16;
    private const double MostAddedMilliseconds = 0.3;
    private const double LeastKept = 0.8;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures and prints.</summary>
    /// <returns>0 when both promises hold.</returns>
    public static async Task<int> RunAsync()
    {
        var data = Directory.CreateTempSubdirectory("connections-proxy-");
        int[] ports = [FreePort(), FreePort(), FreePort()];
        Process[] processes = [Self("backend", ports[0]), Self("bare", ports[1], ports[0]), Front(ports[2], ports[0], data.FullName)];
        try
        {
            var token = Token();
            var ways = new (string Name, Requester Requester, Process Process)[]
            {
                ("backend itself", new(ports[0], token), processes[0]),
                ("bare YARP", new(ports[1], token), processes[1]),
                ("front", new(ports[2], token), processes[2]),
            };
            foreach (var port in ports)
                await AnswersAsync(port, token);
            return await MeasureAsync(ways);
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill();
                process.Dispose();
            }

            data.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync((string Name, Requester Requester, Process Process)[] ways)
    {
        foreach (var (_, requester, _) in ways)
            await requester.RunAsync(Connections, Turn * 8);
        var alone = ways.Select(_ => new List<double>()).ToArray();
        var rates = ways.Select(_ => new List<double>()).ToArray();
        var costs = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                alone[i].AddRange(await ways[i].Requester.RunAsync(1, Turn));
                var before = ProcessorTime(ways[i].Process);
                var answers = (await ways[i].Requester.RunAsync(Connections, Turn)).Count;
                rates[i].Add(answers / Turn.TotalSeconds);
                costs[i].Add((ProcessorTime(ways[i].Process) - before).TotalMicroseconds / answers);
            }
        }

        Console.WriteLine($"{Rounds} turns of {Turn.TotalSeconds} s each; requests/s over {Connections} connections, times over one; processor time of that way's own process.");
        Console.WriteLine("| way | p50 | p99 | requests/s | us/request |");
        Console.WriteLine("|---|---|---|---|---|");
        for (var i = 0; i < ways.Length; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {ways[i].Name} | {At(alone[i], 0.5) / 1000:0.000} ms | {At(alone[i], 0.99) / 1000:0.000} ms | {At(rates[i], 0.5):0} | {At(costs[i], 0.5):0} |"));
        }

        var added = (At(alone[2], 0.5) - At(alone[1], 0.5)) / 1000;
        var kept = At(rates[2], 0.5) / At(rates[1], 0.5);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The front adds {added:0.000} ms at p50 to bare YARP (at most {MostAddedMilliseconds}) and keeps {kept:P0} of its requests/s (at least {LeastKept:P0})."));
        return added <= MostAddedMilliseconds && kept >= LeastKept ? 0 : 1;
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static double At(List<double> values, double part)
    {
        values.Sort();
        return values[(int)(part * (values.Count - 1))];
    }

    private static Process Self(params object[] args) =>
        Start([typeof(Comparison).Assembly.Location, .. args.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)]);

    // A whole gateway in Production: a request is authenticated, passes its breaker and is reported.
    private static Process Front(int port, int backend, string data)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        var root = bin.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Start(
        [
            Path.Combine(root, "Standalone", "bin", bin.Parent.Name, bin.Name, "Connections.Standalone.dll"),
            "--urls", $"http://127.0.0.1:{port}", "--environment", "Production", $"--Auth:SigningKey={Key}", "--Standalone:SampleBackend=false",
            $"--Standalone:DataPath={data}", $"--Api:Destination=http://127.0.0.1:{backend}",
        ]);
    }

    private static Process Start(IEnumerable<string> args)
    {
        var info = new ProcessStartInfo("dotnet", args) { RedirectStandardInput = true, RedirectStandardOutput = true };
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task AnswersAsync(int port, string token)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/hello"));
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException($"Nobody answers at port {port}.");
    }

    private static string Token()
    {
        var head = Encode("""{"alg":"HS256","typ":"JWT"}"""u8);
        var body = Encode(Encoding.UTF8.GetBytes($$"""{"sub":"alice","exp":{{TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}}}"""));
        return $"{head}.{body}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.ASCII.GetBytes($"{head}.{body}")))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
