using System.Net;

namespace Connections.WebFront.Api;

/// <summary>
/// An answer of the backend whose length is not known before its end. Its pieces go to the caller together for as long as the backend's next
/// piece is here already, and at once when it is not: head, piece and end of a short answer are then one write to the socket, not two or three.
/// </summary>
/// <remarks>
/// A front writes to a socket on the thread that has the message (<see cref="FrontSetup"/>), so that each flush is a system call of its own.
/// </remarks>
internal sealed class AnswerInPieces : HttpContent
{
    private readonly HttpContent _answer;
    private readonly PendingBody _caller;

    private AnswerInPieces(HttpContent answer, PendingBody caller)
    {
        _answer = answer;
        _caller = caller;
        foreach (var header in answer.Headers.NonValidated)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    /// <summary>Takes an answer that comes in pieces over; leaves one alone that is whole, upgrades the connection or has frames of its own.</summary>
    public static void TakeOver(HttpContext http, HttpResponseMessage? answer)
    {
        if (answer is null || answer.StatusCode == HttpStatusCode.SwitchingProtocols || answer.Content.Headers.ContentLength is not null
            || !HttpProtocol.IsHttp11(http.Request.Protocol))
            return;
        var caller = new PendingBody(http.Response.BodyWriter);
        answer.Content = new AnswerInPieces(answer.Content, caller);
        http.Response.Body = caller;
    }

    /// <inheritdoc/>
    protected override async Task<Stream> CreateContentReadStreamAsync() => new PromptReader(await _answer.ReadAsStreamAsync(), _caller);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _answer.CopyToAsync(stream, context);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _answer.Dispose();
        base.Dispose(disposing);
    }
}
