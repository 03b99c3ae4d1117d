using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Connections.Testing.Processes;

namespace Connections.Architecture.Tests;

/// <summary>What the compiler wrote into an assembly, read without loading it.</summary>
internal static class BuiltAssembly
{
    /// <summary>The assemblies whose types it uses.</summary>
    public static IReadOnlyList<string> References(string project) => Read(project, reader =>
        reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)));

    /// <summary>The Orleans aliases of its types, each with the type, and of its methods, each with type and method.</summary>
    public static IReadOnlyList<(string Alias, string Type, string? Method)> Aliases(string project) => Read(project, reader =>
        from handle in reader.TypeDefinitions
        let type = reader.GetTypeDefinition(handle)
        let name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"
        where !name.Contains("OrleansCodeGen", StringComparison.Ordinal)
        from alias in OfType(reader, type, name).Concat(OfMethods(reader, type, name))
        select alias);

    private static IEnumerable<(string, string, string?)> OfType(MetadataReader reader, TypeDefinition type, string name) =>
        Values(reader, type.GetCustomAttributes()).Select(alias => (alias, name, (string?)null));

    private static IEnumerable<(string, string, string?)> OfMethods(MetadataReader reader, TypeDefinition type, string name) =>
        from handle in type.GetMethods()
        let method = reader.GetMethodDefinition(handle)
        from alias in Values(reader, method.GetCustomAttributes())
        select (alias, name, (string?)reader.GetString(method.Name));

    private static IEnumerable<string> Values(MetadataReader reader, CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind is HandleKind.MemberReference &&
                reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent &&
                reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "AliasAttribute")
            {
                var value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                yield return value.ReadSerializedString()!;
            }
        }
    }

    private static List<T> Read<T>(string project, Func<MetadataReader, IEnumerable<T>> read)
    {
        using var file = new PEReader(File.OpenRead(Repository.Program(project)));
        return [.. read(file.GetMetadataReader())];
    }
}
