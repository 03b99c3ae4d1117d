using System.Text.Json.Serialization;

namespace Connections.Testing.History.Events;

/// <summary>One thing that a process saw or did. Positions are in the wire's form, messages are named by whatever tells a user's apart.</summary>
/// <param name="User">Whose.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(BackendOpened), "backend-opened")]
[JsonDerivedType(typeof(BackendClosed), "backend-closed")]
[JsonDerivedType(typeof(BackendSent), "backend-sent")]
[JsonDerivedType(typeof(BackendReceived), "backend-received")]
[JsonDerivedType(typeof(Pushed), "pushed")]
[JsonDerivedType(typeof(OwnerTook), "owner-took")]
[JsonDerivedType(typeof(OwnerOpened), "owner-opened")]
[JsonDerivedType(typeof(OwnerClosed), "owner-closed")]
[JsonDerivedType(typeof(Stamped), "stamped")]
[JsonDerivedType(typeof(TabOpened), "tab-opened")]
[JsonDerivedType(typeof(TabGapTold), "tab-gap")]
[JsonDerivedType(typeof(TabReceived), "tab-received")]
[JsonDerivedType(typeof(TabClosed), "tab-closed")]
[JsonDerivedType(typeof(Submitted), "submitted")]
[JsonDerivedType(typeof(ReceiptTold), "receipt")]
public abstract record HistoryEvent(string User);
