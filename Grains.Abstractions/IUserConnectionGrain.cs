using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions;

/// <summary>One user's connection: owns the upstream, the breaker and the log. Called by fronts; the key is the <see cref="UserId"/>.</summary>
[Alias("connections.user")]
public interface IUserConnectionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes <paramref name="request"/>'s front one of those that get this user's frames. In one turn: what the reply says and what the
    /// link pushes next have neither hole nor overlap. Attaching again replaces the front's earlier attachment.
    /// </summary>
    [Alias("Attach"), ResponseTimeout("00:00:05")]
    Task<AttachReply> Attach(AttachRequest request);

    /// <summary>Ends an attachment; one that was replaced since is left alone.</summary>
    /// <param name="frontId">The front.</param>
    /// <param name="attachId">The attachment to end.</param>
    [Alias("Detach"), ResponseTimeout("00:00:05")]
    Task Detach(string frontId, long attachId);

    /// <summary>Ends an attachment whose last tab went because its token expired or was revoked: without another one, the upstream is not kept for long.</summary>
    /// <param name="frontId">The front.</param>
    /// <param name="attachId">The attachment to end.</param>
    [Alias("Expire"), ResponseTimeout("00:00:05")]
    Task Expire(string frontId, long attachId);

    /// <summary>Says how many tabs the front holds for this user.</summary>
    /// <returns>How many it may hold: it closes the newest ones beyond.</returns>
    [Alias("SetTabs"), ResponseTimeout("00:00:05")]
    Task<int> SetTabs(string frontId, long attachId, int tabs);

    /// <summary>A tab has come with a token of its own, or with a fresh one: the next dial shows the newest. One that was refused is dialled anew at once.</summary>
    /// <param name="token">The token.</param>
    [Alias("OfferToken"), ResponseTimeout("00:00:05")]
    Task OfferToken(RelayToken token);

    /// <summary>The frames after <paramref name="position"/>, or why not: for a front that saw a hole or a tab that fell off the front's log.</summary>
    /// <param name="position">What the reader has.</param>
    [Alias("Read"), ResponseTimeout("00:00:05")]
    Task<ReadReply> Read(FramePosition position);

    /// <summary>Hands messages to the upstream, in order. Answers when each is handed over or refused.</summary>
    /// <returns>A receipt per message, in the same order.</returns>
    [Alias("Send"), ResponseTimeout("00:00:10")]
    Task<Receipt[]> Send(OutgoingMessage[] messages);

    /// <summary>How the connection stands.</summary>
    [Alias("GetState"), ResponseTimeout("00:00:05")]
    Task<ConnectionState> GetState();
}
