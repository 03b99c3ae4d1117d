using System.Collections.Concurrent;

namespace Connections.Backend.Users;

/// <summary>All users that ever dialled this process.</summary>
internal sealed class UserDirectory
{
    private readonly ConcurrentDictionary<string, User> _users = new(StringComparer.Ordinal);

    internal IEnumerable<User> All => _users.Select(entry => entry.Value);

    internal User GetOrAdd(string id) => _users.GetOrAdd(id, static id => new User(id));

    internal User? Find(string id) => _users.GetValueOrDefault(id);
}
