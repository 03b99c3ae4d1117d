using Connections.Core;
using Connections.Grains.Ownership;
using Microsoft.Extensions.Logging.Abstractions;

namespace Connections.Grains.Tests;

/// <summary>What an owner holds of the stored record, which moves with it to another silo.</summary>
public sealed class KeepingTheRecord
{
    [Fact]
    public async Task An_owner_that_could_not_store_its_generation_still_holds_what_the_last_one_left()
    {
        var outbox = new OutboxContent([], [new OutboxClient("tab", 3, [])]);
        var storage = new StoreThatIsAway(new StoredConnection { Generation = 4, Owner = "last", Clean = true, Epoch = FramePosition.FormatEpoch(7), Top = 100, Outbox = outbox });
        var record = new OwnershipRecord(storage, "next", keepOutbox: false, TimeProvider.System, NullLogger.Instance);

        await Assert.ThrowsAsync<OrleansException>(() => record.AcquireAsync(epoch: 8));

        var state = storage.State;
        Assert.Equal((4, "last", true, FramePosition.FormatEpoch(7), 100), (state.Generation, state.Owner, state.Clean, state.Epoch, state.Top));
        Assert.Same(outbox, state.Outbox);
    }

    private sealed class StoreThatIsAway(StoredConnection state) : IPersistentState<StoredConnection>
    {
        public StoredConnection State { get; set; } = state;

        public string? Etag => "4";

        public bool RecordExists => true;

        public Task ReadStateAsync() => throw Away();

        public Task WriteStateAsync() => throw Away();

        public Task ClearStateAsync() => throw Away();

        public Task ReadStateAsync(CancellationToken cancellationToken) => throw Away();

        public Task WriteStateAsync(CancellationToken cancellationToken) => throw Away();

        public Task ClearStateAsync(CancellationToken cancellationToken) => throw Away();

        private static OrleansException Away() => new("the store is away");
    }
}
