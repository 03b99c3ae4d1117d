using System.Globalization;

namespace Connections.HotPath;

/// <summary>What silo and front call things.</summary>
internal static class Names
{
    /// <summary>The stream provider.</summary>
    public const string StreamProvider = "streams";

    private const string StreamNamespace = "hot-path";

    /// <summary>The id of a user.</summary>
    public static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"user-{number}");

    /// <summary>The stream of a user.</summary>
    public static StreamId Stream(int user) => StreamId.Create(StreamNamespace, User(user));
}
