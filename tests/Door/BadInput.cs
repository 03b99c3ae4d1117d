namespace Connections.Door.Tests;

/// <summary>Something that no client or backend of good will sends, and what it is answered with. The list stands in <c>docs/security.md</c> too.</summary>
/// <param name="WayIn">Where it comes in.</param>
/// <param name="What">What it is; with the way in, its name.</param>
/// <param name="Answer">What must come back.</param>
/// <param name="SendAsync">Sends it, and says what came back.</param>
internal sealed record BadInput(string WayIn, string What, string Answer, Func<Attack, Task<string>> SendAsync)
{
    /// <summary>All of them, in the order of the document.</summary>
    public static IReadOnlyList<BadInput> All { get; } =
        [.. BadRequests.All, .. BadMessages.All, .. BadStreams.All, .. BadFrames.All, .. BadEnvelopes.All, .. BadHubCalls.All, .. BadGraphQL.All, .. BadUpstreams.All];

    /// <summary>Its name among all.</summary>
    public string Name => $"{WayIn}: {What}";
}
