using System.Globalization;

namespace Connections.Load.Backend;

/// <summary>The backend as a process of its own, so that its processor time is known; a line on its standard input is a command.</summary>
internal static class BackendProcess
{
    /// <summary>Runs until the standard input ends.</summary>
    public static async Task RunAsync()
    {
        var loop = new BackendLoop();
        new Thread(loop.Run) { IsBackground = true, Name = "backend" }.Start();
        Say($"port {loop.Port}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "greet":
                    loop.Post(() => loop.Greet(Number(words[1])));
                    break;
                case "away":
                    loop.Post(() => loop.BeAway(TimeSpan.FromSeconds(Number(words[1]))));
                    break;
                case "reset":
                    loop.Post(loop.Dials.Clear);
                    break;
                case "stats":
                    loop.Post(() => Say($"stats {loop.Connections} {loop.Dials.Count} {loop.Dials.MostInASecond}"));
                    break;
                case "send":
                    loop.Post(() =>
                    {
                        var began = TimeProvider.System.GetTimestamp();
                        Say($"began {began}");
                        loop.Begin(new Pace(Number(words[1]), Number(words[2]), Number(words[3]), Number(words[4]), began, made => Say($"made {made}")));
                    });
                    break;
                default:
                    throw new ArgumentException($"The backend has no command '{line}'.");
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
