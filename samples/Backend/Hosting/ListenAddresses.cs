namespace Connections.Backend.Hosting;

/// <summary>
/// Where to listen: at the usual <c>urls</c> (or <c>http_ports</c>), else at <see cref="Default"/>; with an HTTP/2 port also there.
/// Kestrel ignores <c>urls</c> as soon as one endpoint has a protocol of its own, so then all of them become endpoints.
/// </summary>
internal static class ListenAddresses
{
    internal const string Default = "http://127.0.0.1:8008";

    internal static void Apply(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var urls = Urls(configuration);
        if (configuration[$"{BackendOptions.Section}:{nameof(BackendOptions.Http2Port)}"] is not { Length: > 0 } http2Port)
        {
            builder.WebHost.UseUrls(urls);
            return;
        }

        builder.Services.AddSingleton<IStartupFilter, EndpointsOnly>();
        for (var i = 0; i < urls.Length; i++)
            configuration[$"Kestrel:Endpoints:Http1-{i}:Url"] = urls[i];
        configuration["Kestrel:Endpoints:Http2:Url"] = $"http://{BindingAddress.Parse(urls[0]).Host}:{http2Port}";
        configuration["Kestrel:Endpoints:Http2:Protocols"] = "Http2";
    }

    private static string[] Urls(ConfigurationManager configuration)
    {
        if (Split(configuration[WebHostDefaults.ServerUrlsKey]) is { Length: > 0 } urls)
            return urls;
        if (Split(configuration[WebHostDefaults.HttpPortsKey]) is { Length: > 0 } ports)
            return Array.ConvertAll(ports, port => $"http://*:{port}");
        return [Default];
    }

    private static string[] Split(string? value) =>
        value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
