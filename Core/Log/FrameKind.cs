namespace Connections.Core;

/// <summary>What a frame is. The numbers are on the wire between silo and front: never reuse one.</summary>
public enum FrameKind : byte
{
    /// <summary>A text message of the upstream, or one pushed to the user; the payload is UTF-8.</summary>
    Text = 1,

    /// <summary>A binary message of the upstream, or one pushed to the user.</summary>
    Binary = 2,

    /// <summary>A marker: an upstream socket was opened. What a backend said before it, since the last marker, is unknown.</summary>
    UpstreamOpened = 3,

    /// <summary>A marker: the upstream socket closed. What the backend says until it opens again is gone.</summary>
    UpstreamClosed = 4,
}
