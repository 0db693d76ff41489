namespace Outerloop.Tests.Servers;

/// <summary>A test that needs Slurm and PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmServer.Absent ?? PostgresServer.Absent;
}
