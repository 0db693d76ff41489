using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>A task of the blocks world: the blocks' names, where they are, and where they shall be.</summary>
public sealed record BlocksTask(ImmutableArray<string> Names, BlocksState Init, BlocksState Goal)
{
    public SolvableTask ToSolvableTask() => new()
    {
        Objects = [new TypedObjects(null, Names)],
        Init = [.. Facts(), "(arm-empty)"],
        Goal = [.. On(Goal)],
        Witness = ViaTable(),
    };

    /// <summary>
    /// The plan that needs little thought: put every block that is not in place on the table, then build the goal from
    /// below. No block moves more than twice.
    /// </summary>
    public IEnumerable<string> ViaTable()
    {
        foreach (var block in Init.FromTop().Where(block => !Init.IsOnTable(block) && !IsInPlace(block)))
        {
            yield return $"(unstack {Names[block]} {Names[Init.Support[block]]})";
            yield return $"(putdown {Names[block]})";
        }

        foreach (var block in Goal.FromTop().Reverse().Where(block => !Goal.IsOnTable(block) && !IsInPlace(block)))
        {
            yield return $"(pickup {Names[block]})";
            yield return $"(stack {Names[block]} {Names[Goal.Support[block]]})";
        }
    }

    /// <summary>Whether a block and all below it stand where they shall; what shall stand on the table is where it shall be anywhere below.</summary>
    private bool IsInPlace(int block)
    {
        while (Init.Support[block] == Goal.Support[block])
        {
            if (Init.IsOnTable(block))
                return true;
            block = Init.Support[block];
        }

        return false;
    }

    private IEnumerable<string> Facts()
    {
        var above = Init.Above();
        for (var block = 0; block < Init.Count; block++)
        {
            if (Init.IsOnTable(block))
                yield return $"(on-table {Names[block]})";
            if (above[block] < 0)
                yield return $"(clear {Names[block]})";
        }

        foreach (var fact in On(Init))
            yield return fact;
    }

    private IEnumerable<string> On(BlocksState state) =>
        Enumerable.Range(0, state.Count)
            .Where(block => !state.IsOnTable(block))
            .Select(block => $"(on {Names[block]} {Names[state.Support[block]]})");
}
