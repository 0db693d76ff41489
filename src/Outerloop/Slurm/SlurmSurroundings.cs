namespace Outerloop.Slurm;

/// <summary>What jobs are given to Slurm with.</summary>
public sealed record SlurmSurroundings(SlurmCluster Cluster, TimeProvider Clock, IProgress<string> Notices);
