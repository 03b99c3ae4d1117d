using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sessions;

/// <summary>How one way in writes to its tab. Called by the tab's pump, one call at a time; a call that waits is back-pressure.</summary>
internal interface ITabWriter
{
    /// <summary>The way in, as it is called in metrics.</summary>
    string Kind => "other";

    /// <summary>Writes frames, after a gap if there is one. The range is null when there is only a gap to tell.</summary>
    ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range);

    /// <summary>Writes how the connection stands now; with the breakers of <c>/api</c> for a tab that watches them.</summary>
    ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers);

    /// <summary>Writes the final receipt of a message of this tab that was answered with "queued".</summary>
    ValueTask WriteReceiptAsync(Receipt receipt);

    /// <summary>Tells why the tab is closed and closes it; called at most once, perhaps while another write waits.</summary>
    ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter);
}
