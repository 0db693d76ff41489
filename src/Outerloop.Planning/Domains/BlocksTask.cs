using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>A task of the blocks world: the blocks' names, where they are, and where they shall be.</summary>
public sealed record BlocksTask(ImmutableArray<string> Names, BlocksState Init, BlocksState Goal)
{
    public SolvableTask ToSolvableTask() => new()
    {
        Objects = [new TypedObjects(null, Names)],
        Init = [.. Facts(Init), "(arm-empty)"],
        Goal = [.. Facts(Goal)],
        Witness = ViaTable(),
    };

    /// <summary>The plan that needs no thought: put every block on the table, then build the goal from below.</summary>
    public IEnumerable<string> ViaTable()
    {
        foreach (var block in Init.FromTop().Where(block => !Init.IsOnTable(block)))
        {
            yield return $"(unstack {Names[block]} {Names[Init.Support[block]]})";
            yield return $"(putdown {Names[block]})";
        }

        foreach (var block in Goal.FromTop().Reverse().Where(block => !Goal.IsOnTable(block)))
        {
            yield return $"(pickup {Names[block]})";
            yield return $"(stack {Names[block]} {Names[Goal.Support[block]]})";
        }
    }

    private IEnumerable<string> Facts(BlocksState state)
    {
        var above = state.Above();
        for (var block = 0; block < state.Count; block++)
        {
            yield return state.IsOnTable(block) ? $"(on-table {Names[block]})" : $"(on {Names[block]} {Names[state.Support[block]]})";
            if (above[block] < 0)
                yield return $"(clear {Names[block]})";
        }
    }
}
