using System.Net;

namespace Connections.Grains.Upstream;

/// <summary>Puts a <see cref="PingedStream"/> under every WebSocket that is opened through it.</summary>
internal sealed class PingingHandler(HttpMessageHandler inner, PingTurns turns) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var opened = request.Method == HttpMethod.Connect ? response.IsSuccessStatusCode : response.StatusCode is HttpStatusCode.SwitchingProtocols;
        if (opened)
        {
            var line = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            response.Content = new Upgraded(new PingedStream(line, turns));
        }

        return response;
    }

    private sealed class Upgraded(Stream line) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => line;

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(line);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                line.Dispose();
            base.Dispose(disposing);
        }
    }
}
