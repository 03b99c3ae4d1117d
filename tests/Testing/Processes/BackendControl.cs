using System.Net.Http.Json;
using System.Text.Json;

namespace Connections.Testing.Processes;

/// <summary>The sample backend's own word on what it saw, and its faults.</summary>
public sealed class BackendControl(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Where it is.</summary>
    public Uri Address => address;

    /// <summary>Open connections now.</summary>
    public async Task<int> ConnectionsAsync() => (await StatsAsync()).GetProperty("connections").GetInt32();

    /// <summary>The most connections open at once since the last reset.</summary>
    public async Task<int> PeakConnectionsAsync() => (await StatsAsync()).GetProperty("peakConnections").GetInt32();

    /// <summary>Dials since the last reset, refused ones too.</summary>
    public async Task<int> DialsAsync()
    {
        var stats = await StatsAsync();
        return stats.GetProperty("accepted").GetInt32() + stats.GetProperty("refused").GetInt32();
    }

    /// <summary>Requests to its API since the last reset.</summary>
    public async Task<int> ApiCallsAsync() => (await StatsAsync()).GetProperty("apiCalls").GetInt32();

    /// <summary>TCP connections open now, those that ask for these figures too.</summary>
    public async Task<int> TcpConnectionsAsync() => (await StatsAsync()).GetProperty("tcpConnections").GetInt32();

    /// <summary>The dials of each of the last 300 seconds that had any, refused ones too, by their windows of 100 ms.</summary>
    public async Task<DialWindows> DialWindowsAsync() =>
        new((await StatsAsync()).GetProperty("dialsPerSecond").EnumerateArray().Select(s => (
            s.GetProperty("second").GetInt64(), s.GetProperty("tenths").EnumerateArray().Select(t => t.GetInt32()).ToArray())));

    /// <summary>One user's connections and dials.</summary>
    public async Task<(int Connections, int PeakConnections, int Dials)> UserAsync(string user)
    {
        var stats = await _http.GetFromJsonAsync<JsonElement>($"/users/{user}");
        return (stats.GetProperty("connections").GetInt32(), stats.GetProperty("peakConnections").GetInt32(), stats.GetProperty("dials").GetInt32());
    }

    /// <summary>The <c>X-Connection-Generation</c> of a user's last dial, or null when it had none.</summary>
    public async Task<long?> LastGenerationAsync(string user) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/users/{user}")).GetProperty("lastGeneration").Deserialize<long?>();

    /// <summary>The texts that a user's upstreams brought, one upstream after the other: what stayed in the buffers of an old one may be read after the first of the next.</summary>
    public async Task<string[]> ReceivedAsync(string user)
    {
        var received = await _http.GetFromJsonAsync<JsonElement>($"/received/{user}");
        return [.. received.EnumerateArray().OrderBy(m => m.GetProperty("connection").GetInt64()).Select(m => m.GetProperty("text").GetString()!)];
    }

    /// <summary>Sends a text to a user's upstream.</summary>
    public async Task PushAsync(string user, string text)
    {
        using var content = new StringContent(text);
        (await _http.PostAsync($"/push/{user}", content)).EnsureSuccessStatusCode();
    }

    /// <summary>Switches a fault on, such as <c>new { mode = "refuse", status = 503 }</c>.</summary>
    public async Task FaultAsync(object fault) => (await _http.PutAsJsonAsync("/faults", fault)).EnsureSuccessStatusCode();

    /// <summary>Switches every fault off.</summary>
    public async Task HealAsync() => (await _http.DeleteAsync("/faults")).EnsureSuccessStatusCode();

    /// <summary>Drops every open connection, or those of one user: cuts them, or closes them with a code.</summary>
    public async Task DropAsync(string? user = null, int? code = null) =>
        (await _http.PostAsync($"/drop?{(user is null ? "" : $"user={user}&")}{(code is null ? "" : $"code={code}")}", null)).EnsureSuccessStatusCode();

    /// <summary>Starts the counters anew.</summary>
    public async Task ResetAsync() => (await _http.PostAsync("/stats/reset", null)).EnsureSuccessStatusCode();

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<JsonElement> StatsAsync() => _http.GetFromJsonAsync<JsonElement>("/stats?users=false");
}
