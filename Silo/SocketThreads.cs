namespace Connections.Silo;

/// <summary>Which threads go on with what comes over sockets.</summary>
internal static class SocketThreads
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Goes on with what a socket brings on the thread that waits for sockets, of which there is one a core, in place of waking another: see
    /// decision 18. To be called before the first socket is made. Whoever sets the variable to 0 has it as it is by default.
    /// </summary>
    public static void GoOnInline()
    {
        // The runtime has no other switch for it.
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
