// A .NET client of a gateway, with nothing but Microsoft's SignalR client. Prints every frame, goes on where it was after any cut, and
// sends each line of its standard input.
//   dotnet run --project samples/DotNetClient -- http://localhost:5000 alice        (a gateway in Development)
//   ACCESS_TOKEN=… dotnet run --project samples/DotNetClient -- https://gateway.example.org
using Connections.DotNetClient;

if (args is not [var address, ..] || !Uri.TryCreate(address, UriKind.Absolute, out var gateway))
{
    await Console.Error.WriteLineAsync("Give the gateway's address, and in Development a user: http://localhost:5000 alice");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

await using var connection = new GatewayConnection(
    gateway, args.ElementAtOrDefault(1), () => Task.FromResult(Environment.GetEnvironmentVariable("ACCESS_TOKEN")), TimeProvider.System);
connection.FrameReceived += frame => Console.WriteLine($"{frame.Offset} {frame.Kind} {frame.Text ?? Convert.ToBase64String(frame.Data ?? [])}");
connection.GapSeen += gap => Console.WriteLine($"gap: {gap.Reason}, next is {gap.Next}");
connection.StateChanged += state => Console.WriteLine($"upstream: {state.Upstream}{(state.RetryAfterMs is { } ms ? $", again in {ms} ms" : "")}");
await connection.OpenAsync(stop.Token);

while (await Console.In.ReadLineAsync(stop.Token) is { } line)
    Console.WriteLine($"{await connection.SendAsync(line)}");
return 0;
