using System.Text.Json;
using System.Text.Json.Serialization;
using Connections.Backend.Api;
using Connections.Backend.Dials;
using Connections.Backend.Faults;
using Connections.Backend.Pushes;
using Connections.Backend.Stats;
using Connections.Backend.Users;

namespace Connections.Backend;

/// <summary>The JSON that the backend speaks over HTTP: camelCase, enums as words.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BackendStats))]
[JsonSerializable(typeof(UserStats))]
[JsonSerializable(typeof(SecondOfDials))]
[JsonSerializable(typeof(ReceivedMessage[]))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(FaultMode))]
[JsonSerializable(typeof(ApiFault))]
[JsonSerializable(typeof(DropResult))]
[JsonSerializable(typeof(PushResult))]
[JsonSerializable(typeof(ApiAnswer))]
internal sealed partial class BackendJson : JsonSerializerContext;
