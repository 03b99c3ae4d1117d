namespace Connections.Backend.Api;

/// <summary>The answer of the sample API.</summary>
/// <param name="Message">Something for a person to read.</param>
/// <param name="At">When it was given, in Unix milliseconds.</param>
internal sealed record ApiAnswer(string Message, long At);
