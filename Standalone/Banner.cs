namespace Connections.Standalone;

/// <summary>Tells whoever started the process where to look.</summary>
internal static class Banner
{
    /// <summary>Prints it.</summary>
    public static void Print(WebApplication app, Uri? backend, string dataPath)
    {
        var url = app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        Console.WriteLine(
            $"""

            Connections is ready.
              A user's page      {url}/?user=alice   (open it twice: two tabs, one upstream)
              Orleans dashboard  {url}/orleans
              Sample backend     {backend?.ToString() ?? "off"}
              Data               {dataPath}

            Stop with Ctrl+C.
            """);
    }
}
