namespace Connections.Hosting;

/// <summary>A process cannot start, for a reason that its operator can mend: the message says what is wrong and what would be right.</summary>
public sealed class StartException : Exception
{
    /// <summary>Without a word; prefer the others.</summary>
    public StartException()
    {
    }

    /// <summary>With what is wrong and what would be right.</summary>
    public StartException(string message)
        : base(message)
    {
    }

    /// <summary>With what is wrong, what would be right, and what it comes from.</summary>
    public StartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
