using Connections.Faults.Tests.Backend;
using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests.Rows;

/// <summary>A backend that breaks the rules of its protocol: its own users' upstreams are closed, and no more happens.</summary>
public static class ViolationRows
{
    private const int Oversized = 2 << 20;
    private const string Closed = "10 users: closed with a marker, dialled again by their breakers; nobody else notices, no memory is taken";

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        Row("oversized message (2 MiB)", Scripts.Say(Scripts.Message(Oversized))),
        Row("masked frame", Scripts.Say(Scripts.MaskedFrame())),
        Row("reserved bits", Scripts.Say(Scripts.ReservedBits())),
        Row("unknown opcode", Scripts.Say(Scripts.UnknownOpcode())),
        Row("bad UTF-8", Scripts.Say(Scripts.BadUtf8())),
        Row("ping of 256 bytes", Scripts.Say(Scripts.LongPing())),
        Row("a gigabyte declared", Scripts.Say(Scripts.DeclaresGigabyte()), isInShortRun: true),
        Row("endless fragments of 100 bytes", Scripts.EndlessFragments(100)),
        Row("endless empty fragments", Scripts.EndlessFragments(0)),
        Row("endless head of the answer", Scripts.EndlessHead(), markers: 1),
        Row("an answer that is no HTTP", async (dial, ct) =>
        {
            await dial.Stream.WriteAsync("220 mail.example.org ESMTP\r\n"u8.ToArray(), ct);
            await dial.UntilEndAsync(ct);
        }, markers: 1),
    ];

    // Closed, opened, closed: the old connection, the one that plays the script, and its end. Of a script that never opens only the first.
    private static Fault Row(string name, Script script, int markers = 3, bool isInShortRun = false) =>
        new($"upstream: {name}", Closed, stage => PlayAsync(stage, script, markers)) { IsInShortRun = isInShortRun };

    private static async Task<Heal> PlayAsync(GatewayStage stage, Script script, int markers)
    {
        var before = stage.ResidentMiB();
        var heal = await UpstreamRows.PlayAsync(stage, script, markers);
        return async () =>
        {
            await heal();
            var grown = stage.ResidentMiB() - before;
            stage.Note($"silos grew by {grown} MiB");
            if (grown > 200)
                throw new InvalidOperationException($"The silos grew by {grown} MiB.");
        };
    }
}
