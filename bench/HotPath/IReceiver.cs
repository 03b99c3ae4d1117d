namespace Connections.HotPath;

/// <summary>Takes one message at a time. Called by the silo, for <see cref="Way.CallPerMessage"/>.</summary>
internal interface IReceiver : IGrainObserver
{
    /// <summary>Takes a message.</summary>
    Task Receive(byte[] message);
}
