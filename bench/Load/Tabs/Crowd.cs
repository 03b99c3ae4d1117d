using System.Globalization;
using Connections.Load.Subjects;

namespace Connections.Load.Tabs;

/// <summary>Tabs that only stay open, in processes of their own: a process may have no more sockets than <c>ulimit -n</c> says.</summary>
internal sealed class Crowd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly List<ChildProcess> _processes = [];
    private int _open;
    private int _lost;

    /// <summary>How many lost their line.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Opens tabs of each user, and waits until all are open.</summary>
    /// <param name="subject">Where.</param>
    /// <param name="options">How many users, and in how many processes.</param>
    /// <param name="firstTab">The number of each user's first tab.</param>
    /// <param name="tabs">How many of each user.</param>
    public static async Task<Crowd> OpenAsync(Subject subject, LoadOptions options, int firstTab, int tabs)
    {
        var crowd = new Crowd();
        for (var i = 0; i < options.Generators; i++)
        {
            var (from, to) = (options.Users * i / options.Generators, options.Users * (i + 1) / options.Generators);
            var address = 1 + (16 * ((firstTab == 0 ? 0 : options.Generators) + i));
            crowd._processes.Add(ChildProcess.Self(
                ["tabs", $"{subject.Way}", $"{options.Dialling}", string.Join(',', subject.Ports), $"{from}", $"{to}", $"{firstTab}", $"{tabs}", $"{address}"],
                crowd.Heard));
        }

        await Waiting.ForAsync(
            () => Task.FromResult(crowd._open == tabs * options.Users),
            Patience,
            () => $"{tabs * options.Users} tabs are open: {crowd._open} are, {crowd.Lost} lost their line");
        return crowd;
    }

    /// <summary>Such a process: opens tabs, says how many are open and how many were lost, and ends with its standard input.</summary>
    public static async Task RunAsync(string[] args)
    {
        var numbers = args[3..].Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToArray();
        var ports = args[2].Split(',').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        using var set = new TabSet(Speech.Of(Enum.Parse<Way>(args[0])), int.Parse(args[1], CultureInfo.InvariantCulture), numbers[4]);
        for (var tab = numbers[2]; tab < numbers[2] + numbers[3]; tab++)
        {
            for (var user = numbers[0]; user < numbers[1]; user++)
                set.Add(user, ports[(user + tab) % ports.Length]);
        }

        set.Open();

        // On a thread of its own: the console's reader waits in the call, asynchronous or not.
        var ended = Task.Run(Console.In.ReadLine);
        for (var (open, lost) = (0, 0); !ended.IsCompleted;)
        {
            await Waiting.ForAsync(TimeSpan.FromMilliseconds(100));
            set.ThrowIfFailed();
            var now = (Open: set.OpenNow, set.Lost);
            if (now == (open, lost))
                continue;
            Console.WriteLine(FormattableString.Invariant($"{now.Open - open} {now.Lost - lost}"));
            (open, lost) = now;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _processes.ForEach(p => p.Dispose());

    private void Heard(string line)
    {
        var words = line.Split(' ');
        if (words.Length != 2 || !int.TryParse(words[0], CultureInfo.InvariantCulture, out var open) || !int.TryParse(words[1], CultureInfo.InvariantCulture, out var lost))
            return;
        Interlocked.Add(ref _open, open);
        Interlocked.Add(ref _lost, lost);
    }
}
