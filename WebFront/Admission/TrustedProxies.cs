using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Connections.WebFront.Admission;

/// <summary>Believes what the configured proxies say about who came to them, and nobody else.</summary>
internal static class TrustedProxies
{
    /// <summary>Comes before everything that looks at the scheme or the address of a request.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<FrontOptions>>().Value.TrustedProxies;
        if (trusted.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in trusted)
        {
            TryRead(text, out var network);
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>Reads an address or a network.</summary>
    public static bool TryRead(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        var read = IPAddress.TryParse(text, out var address);
        network = read ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return read;
    }
}
