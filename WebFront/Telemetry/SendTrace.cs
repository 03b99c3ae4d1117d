using System.Diagnostics;
using Connections.Grains.Abstractions.Sending;

namespace Connections.WebFront.Telemetry;

/// <summary>The trace of a tab's message: from here to the receipt, with the write to the upstream below it.</summary>
internal static class SendTrace
{
    /// <summary>Sends, and records it when somebody listens.</summary>
    public static Task<Receipt> AroundAsync(string kind, OutgoingMessage message, Func<OutgoingMessage, Task<Receipt>> send)
    {
        var activity = FrontTelemetry.Source.StartActivity("tab send", ActivityKind.Server);
        return activity is null ? send(message) : RecordAsync(activity, kind, message, send);
    }

    private static async Task<Receipt> RecordAsync(Activity activity, string kind, OutgoingMessage message, Func<OutgoingMessage, Task<Receipt>> send)
    {
        using (activity)
        {
            activity.SetTag("connections.tab.kind", kind);
            var receipt = await send(activity.Recorded ? message with { TraceParent = activity.Id } : message);
            activity.SetTag("connections.receipt.status", Wire.WireNames.Of(receipt.Status));
            return receipt;
        }
    }
}
