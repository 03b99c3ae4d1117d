using Connections.Core;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Tests;

/// <summary>TLS to the backend with an authority of one's own, and what goes with each dial.</summary>
public sealed class TrustingTheBackend : IDisposable
{
    private const string User = "alice";
    private const string Host = "localhost";
    private const string Protocol = "chat.v2";

    private readonly PrivateAuthority _authority = new();
    private readonly PrivateAuthority _stranger = new();

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task A_backend_of_the_private_authority_is_dialled_with_the_headers_and_sub_protocols()
    {
        using var certificate = _authority.Issue(Host);
        await using var backend = await new TlsBackend(certificate, Protocol).StartAsync();
        await using var gateway = await StartAsync(backend, _authority);

        var front = await gateway.OpenAsync(User);
        var greeting = await front.GetsAsync(User, f => f.Kind is FrameKind.Binary);

        Assert.Equal(TlsBackend.Greeting, greeting.Payload.ToArray());
        var dial = Assert.Single(backend.Dials);
        Assert.Equal("secret", dial.Key);
        Assert.Equal([Protocol, "chat.v1"], dial.Offered);
    }

    [Fact]
    public async Task One_authority_of_several_in_the_file_is_enough()
    {
        using var certificate = _authority.Issue(Host);
        await using var backend = await new TlsBackend(certificate, Protocol).StartAsync();
        await File.AppendAllTextAsync(_stranger.AuthorityFile, $"\n{await File.ReadAllTextAsync(_authority.AuthorityFile)}");
        await using var gateway = await StartAsync(backend, _stranger);

        await gateway.OpenAsync(User);

        Assert.Single(backend.Dials);
    }

    [Fact]
    public async Task A_backend_of_another_authority_is_refused_and_the_reason_says_so()
    {
        using var certificate = _authority.Issue(Host);
        await IsRefusedAsync(certificate, _stranger, "certificate chain");
    }

    [Fact]
    public async Task A_backend_under_a_name_that_is_not_its_own_is_refused_and_the_reason_says_so()
    {
        using var certificate = _authority.Issue("elsewhere.example");
        await IsRefusedAsync(certificate, _authority, "RemoteCertificateNameMismatch");
    }

    [Theory]
    [InlineData("", "there is no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "it can't be read")]
    public async Task A_file_without_an_authority_stops_the_start_and_the_message_says_why(string content, string why)
    {
        await File.WriteAllTextAsync(_authority.AuthorityFile, content);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestGateway.StartAsync($"Upstream:AuthorityFile={_authority.AuthorityFile}"));

        Assert.Contains("Upstream:AuthorityFile", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(why, error.ToString(), StringComparison.Ordinal);
    }

    // No byte of the dial, with its headers, may reach a backend that did not prove itself.
    private static async Task IsRefusedAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, PrivateAuthority trusted, string why)
    {
        await using var backend = await new TlsBackend(certificate, Protocol).StartAsync();
        await using var gateway = await StartAsync(backend, trusted);
        await gateway.Front().AttachAsync(User);

        var state = await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open && s.Upstream is UpstreamStatus.Waiting, "the dials have failed");

        Assert.StartsWith("dial failed: The remote certificate is invalid", state.Reason, StringComparison.Ordinal);
        Assert.Contains(why, state.Reason, StringComparison.Ordinal);
        Assert.Empty(backend.Dials);
    }

    private static Task<TestGateway> StartAsync(TlsBackend backend, PrivateAuthority trusted) => TestGateway.StartAsync(
        $"Upstream:Url={backend.Upstream}",
        $"Upstream:AuthorityFile={trusted.AuthorityFile}",
        "Upstream:Headers:X-Api-Key=secret",
        $"Upstream:SubProtocols:0={Protocol}",
        "Upstream:SubProtocols:1=chat.v1");
}
