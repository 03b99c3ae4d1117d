using Connections.Grains.Abstractions.Delivery;

namespace Connections.HotPath;

/// <summary>Makes messages on the silo. Called by the front, which decides what is measured.</summary>
internal interface IProducerGrain : IGrainWithIntegerKey
{
    /// <summary>Prepares a way for a number of users.</summary>
    Task Open(Way way, int users, IFrontSink sink, IReceiver receiver);

    /// <summary>Makes messages from now to <paramref name="to"/>, evenly over the users.</summary>
    /// <param name="run">Stamped on each.</param>
    /// <param name="perSecond">How many a second, of all users together.</param>
    /// <param name="from">From when on they count, by the machine's monotonic clock.</param>
    /// <param name="to">When to end.</param>
    /// <returns>How many were made in the time that counts.</returns>
    Task<int> Make(int run, int perSecond, long from, long to);
}
