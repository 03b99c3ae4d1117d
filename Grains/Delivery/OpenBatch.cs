using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Delivery;

/// <summary>A batch that the front has not answered yet.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Marks">How far the front has each user's feed, once it has answered.</param>
/// <param name="Bytes">What its runs take on a line, but for what they say beside frames.</param>
/// <param name="Beats">Whether it is a beat of the heart, beside what else is in it: every beat is answered.</param>
internal readonly record struct OpenBatch(FrameBatch Batch, (FeedSubscription Subscription, RunMark Mark)[] Marks, int Bytes, bool Beats)
{
    /// <summary>Whether somebody waits for the answer: for the rest of a feed, or for a hand-over.</summary>
    public bool IsAwaited
    {
        get
        {
            foreach (var (_, mark) in Marks)
            {
                if (mark.More || mark.Released)
                    return true;
            }

            return false;
        }
    }
}
