using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Connections.Testing.Processes;

/// <summary>A Prometheus, asked over its HTTP API; and what the repository's dashboards and alerts would ask it.</summary>
public sealed partial class PrometheusServer(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Evaluates an expression now.</summary>
    /// <returns>The values, one for each series.</returns>
    public async Task<double[]> QueryAsync(string expression)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.GetProperty("status").GetString() == "success"
            ? [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => Number(r.GetProperty("value")[1].GetString()!))]
            : throw new InvalidOperationException($"{expression}: {answer.GetProperty("error").GetString()}");
    }

    /// <summary>Every alert: its name, whether Prometheus can evaluate it, and its state (inactive, pending, firing).</summary>
    public async Task<(string Name, string Health, string State)[]> AlertsAsync()
    {
        var answer = await GetAsync("/api/v1/rules");
        return
        [
            .. answer.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray())
                .Select(r => (Text(r, "name"), Text(r, "health"), Text(r, "state"))),
        ];
    }

    /// <summary>Every target: its job, and whether it answered the last time.</summary>
    public async Task<(string Job, string Health)[]> TargetsAsync()
    {
        var answer = await GetAsync("/api/v1/targets?state=active");
        return [.. answer.GetProperty("activeTargets").EnumerateArray().Select(t => (Text(t.GetProperty("labels"), "job"), Text(t, "health")))];
    }

    /// <summary>
    /// What every panel and every alert asks for. An alert's own comparison is left out, so that it answers in good times too; what asks whether
    /// something is absent is left out whole.
    /// </summary>
    /// <param name="interval">What stands for the dashboard's rate interval, and for the alerts' longer ones.</param>
    public static IReadOnlyList<(string Where, string Expression)> Questions(string interval)
    {
        var deploy = Path.Combine(Repository.Root, "deploy");
        var panels = Directory.EnumerateFiles(Path.Combine(deploy, "grafana", "dashboards"), "*.json")
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()
                    .Select(t => ($"{Path.GetFileName(file)}: {Text(panel, "title")}", Text(t, "expr").Replace("$__rate_interval", interval, StringComparison.Ordinal)))));
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(deploy, "prometheus", "alerts.yml")))
            .Select(m => (m.Groups[1].Value, Range().Replace(Comparison().Replace(m.Groups[2].Value.Trim(), ""), $"[{interval}]")))
            .Where(a => !a.Item2.StartsWith("absent(", StringComparison.Ordinal));
        return [.. panels, .. alerts];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<JsonElement> GetDataAsync(string path) => _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private async Task<JsonElement> GetAsync(string path) => (await GetDataAsync(path)).GetProperty("data");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"- alert: (\w+)\n\s+expr: (?:>-\s+)?(.*?)\n *(?:for|labels):", RegexOptions.Singleline)]
    private static partial Regex Alert();

    // What stands last and outside of braces.
    [GeneratedRegex(@"\s(>|==|<)\s[^{}]*$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\[\w+\]")]
    private static partial Regex Range();
}
