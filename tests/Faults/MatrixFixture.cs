using Connections.Faults.Tests.Stage;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests;

/// <summary>The stages of the matrix, each set up when its first row comes, and one at a time.</summary>
public sealed class MatrixFixture : IAsyncLifetime
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private GatewayStage? _stage;
    private SmallDisk? _disk;
    private StageKind _kind;

    public ValueTask InitializeAsync()
    {
        FaultReport.Begin();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>A stage of a kind; null when this machine cannot have it.</summary>
    public async Task<GatewayStage?> StageAsync(StageKind kind)
    {
        if (Missing(kind) is not null)
            return null;
        if (_stage is not null && _kind == kind)
            return _stage;
        await CloseAsync();
        (_stage, _kind) = (await StartAsync(kind), kind);

        // What runs for the first time is compiled: a quiet time measured meanwhile would be none.
        await _stage.BeginAsync();
        await Task.Delay(WarmUp, TimeProvider.System);
        await _stage.EndAsync(TimeSpan.Zero);
        return _stage;
    }

    /// <summary>What this machine lacks for a kind of stage.</summary>
    public static string? Missing(StageKind kind) => kind switch
    {
        StageKind.Network => NamespaceNetwork.Missing(),
        StageKind.SmallDisk => SmallDisk.Missing(),
        _ => null,
    };

    /// <summary>Makes a stage whole again after a row; one that failed is not used again.</summary>
    public async Task MendAsync(GatewayStage stage, FaultResult result)
    {
        if (result.Problems.Count == 0)
            await stage.MendAsync();
        else
            await CloseAsync();
    }

    private async Task<GatewayStage> StartAsync(StageKind kind)
    {
        switch (kind)
        {
            case StageKind.Network:
                return await GatewayStage.StartAsync(new StageSettings { Silos = 3 }, hasNetwork: true);
            case StageKind.SmallDisk:
                _disk = await SmallDisk.MountAsync();
                return await GatewayStage.StartAsync(new StageSettings { RedisFolder = _disk.Folder });
            default:
                return await GatewayStage.StartAsync(new StageSettings());
        }
    }

    private async Task CloseAsync()
    {
        if (_stage is { } stage)
        {
            _stage = null;
            await stage.DisposeAsync();
        }

        if (_disk is { } disk)
        {
            _disk = null;
            await disk.DisposeAsync();
        }
    }
}
