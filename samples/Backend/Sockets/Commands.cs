using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace Connections.Backend.Sockets;

/// <summary>What a client may order by a text message that starts with <c>!</c>; a test's remote control of its own connection.</summary>
internal sealed class Commands(Connection connection, TimeProvider clock)
{
    private const int MaxBurst = 1_000_000;
    private const int MaxSize = 64 * 1024 * 1024;
    private const int Fragments = 4;

    /// <summary>Obeys, or answers with what would be right.</summary>
    internal async ValueTask ObeyAsync(string command)
    {
        var (name, argument) = Split(command);
        switch (name)
        {
            case "close" when ParseClose(argument) is { } reason:
                connection.Close(reason);
                break;
            case "abort":
                connection.Abort();
                break;
            case "burst" when Number(argument, MaxBurst) is { } count:
                await connection.Queue.AddAsync(new Ticks(Now(), count));
                break;
            case "size" when Number(argument, MaxSize) is { } size:
                await connection.Queue.AddAsync(Sized(size));
                break;
            case "fragment" when argument.Length > 0:
                await connection.Queue.AddAsync(new Verbatim(argument, Fragments));
                break;
            case "binary" when Number(argument, MaxSize) is { } length:
                await connection.Queue.AddAsync(Binary(length));
                break;
            default:
                await connection.Queue.AddAsync(new Verbatim(Complaint(command)));
                break;
        }
    }

    private static (string Name, string Argument) Split(string command) =>
        command.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? (command[..space], command[(space + 1)..]) : (command, "");

    private static CloseReason? ParseClose(string argument)
    {
        var (code, reason) = Split(argument);
        return Number(code, int.MaxValue) is { } number ? CloseReason.From(number, reason) : null;
    }

    private static int? Number(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max ? number : null;

    /// <summary>A padded tick of just that many bytes; below a tick's own length, that many <c>x</c>.</summary>
    private Outgoing Sized(int size)
    {
        const int longestTickWithoutId = 100;
        return size >= longestTickWithoutId + connection.User.JsonId.Length * 3
            ? new Ticks(Now(), size: size)
            : new Verbatim(new string('x', size));
    }

    private static Verbatim Binary(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)i;
        return new(bytes, WebSocketMessageType.Binary);
    }

    private static string Complaint(string command) =>
        $"{{\"type\":\"error\",\"error\":\"'!{JsonEncodedText.Encode(command)}' is no command. Commands: !close 4001 reason "
        + $"({CloseReason.Rules}), !abort, !burst 1-{MaxBurst}, !size bytes, !fragment text, !binary bytes.\"}}";

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
