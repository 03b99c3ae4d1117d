using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Upstream;

namespace Connections.Simulation.Tests.World;

/// <summary>Dials the world's backend from a silo.</summary>
internal sealed class Dialer(World world, Node silo) : IUpstreamDialer
{
    public UpstreamAddress? Address { get; } = UpstreamAddress.Parse("ws://backend/ws/{userId}", out _);

    public async Task<Dialled> DialAsync(UserId user, long generation, RelayToken? token, CancellationToken ct)
    {
        var started = silo.Time.GetTimestamp();
        var answer = new TaskCompletionSource<Wire?>();
        var wire = world.Backend.Dial(silo, user.Value, generation, answer);
        await using var unwanted = ct.UnsafeRegister(_ => answer.TrySetCanceled(ct), null);
        try
        {
            var opened = await answer.Task;
            return opened is null
                ? new Dialled(null, new DialOutcome(DialResult.Refused, 503, world.Dice.Next(3) == 0 ? TimeSpan.FromSeconds(int.MaxValue) : null, "503"), silo.Time.GetElapsedTime(started), null)
                : new Dialled(new UpstreamSocket(opened, 1 << 20, silo.Time, TaskScheduler.Current), new DialOutcome(DialResult.Opened), silo.Time.GetElapsedTime(started), null);
        }
        catch (OperationCanceledException)
        {
            wire.Abort();
            throw;
        }
    }
}
