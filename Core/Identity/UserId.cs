using System.Diagnostics.CodeAnalysis;

namespace Connections.Core;

/// <summary>
/// The name of a user, checked once at the door and trusted from there on.
/// </summary>
/// <remarks>
/// A user id becomes part of the upstream's address and of storage keys, so only characters that mean nothing in either are let in:
/// 1 to 128 of <c>A-Z a-z 0-9 _ . @ -</c>, and not <c>.</c> or <c>..</c>, which <see cref="Uri"/> would take for path steps
/// (<c>/users/../ws</c> becomes <c>/ws</c>).
/// </remarks>
public readonly record struct UserId
{
    /// <summary>The longest user id, in characters.</summary>
    public const int MaxLength = 128;

    private readonly string? _value;

    private UserId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A default UserId has no value: make one with TryParse.");

    /// <summary>Takes <paramref name="text"/> for a user id if it is one.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id)
    {
        if (text is not { Length: > 0 and <= MaxLength } || text is "." or ".." || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            id = default;
            return false;
        }

        id = new UserId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-");
}
