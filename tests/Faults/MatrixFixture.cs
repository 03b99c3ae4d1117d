using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests;

/// <summary>The stages of the matrix, each set up when its first row comes, and one at a time.</summary>
public sealed class MatrixFixture : IAsyncLifetime
{
    private GatewayStage? _stage;
    private StageKind _kind;

    public ValueTask InitializeAsync()
    {
        FaultReport.Begin();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stage is not null)
            await _stage.DisposeAsync();
    }

    /// <summary>A stage of a kind; null when this machine cannot have it.</summary>
    public async Task<GatewayStage?> StageAsync(StageKind kind)
    {
        if (Missing(kind) is not null)
            return null;
        if (_stage is not null && _kind == kind)
            return _stage;
        await CloseAsync();
        (_stage, _kind) = (new GatewayStage(), kind);
        await _stage.StartAsync();
        return _stage;
    }

    /// <summary>What this machine lacks for a kind of stage.</summary>
    public string? Missing(StageKind kind) => kind == StageKind.Common ? null : "not yet";

    /// <summary>Makes a stage whole again after a row; one that failed is not used again.</summary>
    public async Task MendAsync(GatewayStage stage, FaultResult result)
    {
        if (result.Problems.Count == 0)
            await stage.MendAsync();
        else
            await CloseAsync();
    }

    private async Task CloseAsync()
    {
        if (_stage is { } stage)
        {
            _stage = null;
            await stage.DisposeAsync();
        }
    }
}
