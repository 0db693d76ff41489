using System.Text;
using Outerloop.Planning.Domains;

namespace Outerloop.Planning.Tests.Domains;

/// <summary>The plan that needs no thought: put every block on the table, then build the goal from below.</summary>
internal static class BlocksPlans
{
    public static string ViaTable(BlocksTask task)
    {
        var plan = new StringBuilder();
        foreach (var block in FromTop(task.Init).Where(b => !task.Init.IsOnTable(b)))
            plan.Append($"(unstack {task.Names[block]} {task.Names[task.Init.Support[block]]})\n(putdown {task.Names[block]})\n");
        foreach (var block in FromTop(task.Goal).Reverse().Where(b => !task.Goal.IsOnTable(b)))
            plan.Append($"(pickup {task.Names[block]})\n(stack {task.Names[block]} {task.Names[task.Goal.Support[block]]})\n");
        return plan.ToString();
    }

    private static IEnumerable<int> FromTop(BlocksState state)
    {
        var block = Enumerable.Range(0, state.Count).Where(state.IsClear).ToList();
        for (var i = 0; i < block.Count; i++)
        {
            yield return block[i];
            if (!state.IsOnTable(block[i]))
                block.Add(state.Support[block[i]]);
        }
    }
}
