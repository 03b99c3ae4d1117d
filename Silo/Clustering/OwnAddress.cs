using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Connections.Silo.Clustering;

/// <summary>Which of a machine's addresses a silo goes by.</summary>
internal static class OwnAddress
{
    /// <summary>The address behind a name: the one that this machine has, else the first.</summary>
    /// <param name="name">An address, a name, or null for this machine's own name.</param>
    /// <exception cref="OptionsValidationException">The name has no IPv4 address.</exception>
    public static IPAddress Find(string? name)
    {
        name ??= Dns.GetHostName();
        if (IPAddress.TryParse(name, out var address))
            return address;
        try
        {
            var addresses = Dns.GetHostAddresses(name, AddressFamily.InterNetwork);
            return addresses.FirstOrDefault(Has) ?? addresses[0];
        }
        catch (Exception e) when (e is SocketException or IndexOutOfRangeException)
        {
            throw new OptionsValidationException(
                SiloOptions.Section,
                typeof(SiloOptions),
                [$"Silo:AdvertisedAddress '{name}' has no IPv4 address: give one that other silos and fronts can reach."]);
        }
    }

    /// <summary>Whether this machine has an address.</summary>
    public static bool Has(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Any(a => a.Address.Equals(address));
}
