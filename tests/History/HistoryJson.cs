using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connections.Testing.History;

/// <summary>How a line is written.</summary>
internal static class HistoryJson
{
    /// <summary>Compact, without what is null.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
    };
}
