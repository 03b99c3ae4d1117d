using Connections.Load.Subjects;

namespace Connections.Load.Tabs;

/// <summary>How tabs of a way connect.</summary>
/// <param name="Protocol">What they speak.</param>
/// <param name="Path">The address of a user's tabs.</param>
/// <param name="UpstreamPerTab">Whether each has a connection of its own at the backend.</param>
internal sealed record Speech(Protocol Protocol, Func<int, string> Path, bool UpstreamPerTab = false)
{
    /// <summary>Those of a way.</summary>
    public static Speech Of(Way way) => way switch
    {
        Way.Raw => new(Protocol.Verbatim, u => $"/ws?user=u{u}"),
        Way.Envelopes => new(Protocol.Envelopes, u => $"/ws?user=u{u}"),
        Way.SignalR => new(Protocol.ConnectionHub, u => $"/hubs/connection?user=u{u}"),
        Way.SignalRRedis => new(Protocol.Hub, u => $"/hub?user=u{u}"),
        Way.SignalRPerTab => new(Protocol.Hub, u => $"/hub?user=u{u}", UpstreamPerTab: true),
        Way.Nchan or Way.Pushpin => new(Protocol.Verbatim, u => $"/ws/u{u}"),
        _ => new(Protocol.Verbatim, u => $"/ws/u{u}", UpstreamPerTab: true),
    };
}
