using Outerloop.Planning.Domains;

namespace Outerloop.Planning.Tests.Domains;

/// <summary>Long plans for tests that need some.</summary>
internal static class BlocksPlans
{
    public static string ViaTable(BlocksTask task) => string.Concat(task.ViaTable().Select(step => $"{step}\n"));
}
