using System.Text.Json.Serialization;

namespace Connections.Backend.Faults;

/// <summary>What is wrong with <c>/api/</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiFault>))]
internal enum ApiFault
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Every call is answered with the fault's status.</summary>
    [JsonStringEnumMemberName("fail")] Fail,

    /// <summary>Every call takes the fault's delay longer.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>Every call loses its connection.</summary>
    [JsonStringEnumMemberName("abort")] Abort,
}
