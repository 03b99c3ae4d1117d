// Each class has a cluster of its own, and what it measures must not be the others' load.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
