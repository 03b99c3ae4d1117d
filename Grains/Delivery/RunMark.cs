namespace Connections.Grains.Delivery;

/// <summary>How far an attachment has got once a run is acknowledged.</summary>
/// <param name="Cursor">The last offset in the run.</param>
/// <param name="StateVersion">The state that the front has then.</param>
/// <param name="ReceiptCursor">The last late receipt in the run.</param>
/// <param name="Released">Whether the run told the front to attach anew.</param>
/// <param name="More">Whether the log held more than fitted.</param>
internal readonly record struct RunMark(long Cursor, int StateVersion, long ReceiptCursor, bool Released, bool More);
