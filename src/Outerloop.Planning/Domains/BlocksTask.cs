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
