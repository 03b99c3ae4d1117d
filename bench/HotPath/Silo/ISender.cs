namespace Connections.HotPath.Silo;

/// <summary>The silo's end of a way. Called by the producer.</summary>
internal interface ISender
{
    /// <summary>Takes a message and returns at once, as the loop that reads an upstream's socket must.</summary>
    void Send(int user, byte[] message);
}
