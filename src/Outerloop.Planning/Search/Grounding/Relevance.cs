namespace Outerloop.Planning.Search.Grounding;

/// <summary>
/// Which literals matter to the goal: its own, and those that an operator reads to bring about one that matters. What an
/// effect depends on matters either way, since the effect may be one to avoid.
/// </summary>
internal sealed class Relevance
{
    private readonly List<DraftOperator> operators;
    private readonly bool[] isRelevant;
    private readonly bool[] isRead;
    private readonly Stack<int> open = new();

    public Relevance(OperatorDrafting drafts, SearchLimits limits)
    {
        operators = drafts.Operators;
        isRelevant = new bool[drafts.AtomCount * 2];
        isRead = new bool[operators.Count];
        var achievers = Achievers(limits);
        foreach (var literal in drafts.Goal!)
            Mark(literal);
        while (open.TryPop(out var literal))
        {
            limits.ThrowIfReached();
            foreach (var index in achievers[literal] ?? [])
                Read(index);
        }
    }

    public bool IsRelevant(int literal) => isRelevant[literal];

    /// <summary>Whether the operator brings about a literal that matters.</summary>
    public bool IsRelevantOperator(int index) => isRead[index];

    private List<int>?[] Achievers(SearchLimits limits)
    {
        var achievers = new List<int>?[isRelevant.Length];
        foreach (var i in limits.Each(Enumerable.Range(0, operators.Count)))
        {
            foreach (var effect in operators[i].Effects)
                (achievers[effect.Literal] ??= []).Add(i);
        }

        return achievers;
    }

    private void Read(int index)
    {
        if (isRead[index])
            return;
        isRead[index] = true;
        foreach (var literal in operators[index].Precondition)
            Mark(literal);
        foreach (var literal in operators[index].Effects.SelectMany(e => e.Condition))
        {
            Mark(literal);
            Mark(AtomTable.Negate(literal));
        }
    }

    private void Mark(int literal)
    {
        if (isRelevant[literal])
            return;
        isRelevant[literal] = true;
        open.Push(literal);
    }
}
