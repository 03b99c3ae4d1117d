using System.Net;
using System.Net.NetworkInformation;

namespace Connections.Silo.Clustering;

/// <summary>
/// Ends the process when this machine has lost the address that the silo goes by. A silo that is cut off from the others but not from Redis
/// goes on voting: of two silos it may declare the healthy one dead, again and again. Without its address it is surely the one that is cut off.
/// </summary>
/// <param name="address">The address it advertises.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class AddressWatch(IPAddress address, TimeProvider time, ILogger<AddressWatch> logger) : BackgroundService
{
    // Below the 3 s after which another silo is suspected (SiloSetup).
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (HasOrCannotTell())
                    continue;
                Log.Lost(logger, address);
                Environment.FailFast($"This machine no longer has the address {address}, which the silo goes by: nobody can reach it.");
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    // A machine that cannot say now, for want of file descriptors say, has lost nothing.
    private bool HasOrCannotTell()
    {
        try
        {
            return OwnAddress.Has(address);
        }
        catch (NetworkInformationException)
        {
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(910, LogLevel.Critical, "This machine no longer has the address {Address}, which the silo goes by: nobody can reach it, so it ends")]
        public static partial void Lost(ILogger logger, IPAddress address);
    }
}
