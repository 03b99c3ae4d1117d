namespace Connections.HotPath.Silo;

/// <summary>Sends nothing: see <see cref="Way.Nowhere"/>.</summary>
internal sealed class NoSender : ISender
{
    /// <inheritdoc/>
    public void Send(int user, byte[] message)
    {
        // Nowhere.
    }
}
