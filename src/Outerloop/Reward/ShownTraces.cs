using Outerloop.Curation;
using Outerloop.Traces;

namespace Outerloop.Reward;

/// <summary>Makes of traces what a curator may go by.</summary>
/// <param name="actions">The domain's.</param>
internal sealed class ShownTraces(IReadOnlyList<string> actions)
{
    /// <summary>Answers that are remembered before they are forgotten: neighbours are to the same task, and alike.</summary>
    private const int MostTexts = 1000;

    private readonly Dictionary<string, int> _places = actions.Index().ToDictionary(action => action.Item, action => action.Index, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int[]> _texts = new(StringComparer.Ordinal);

    public ShownTrace Of(Trace trace) => new(trace.Id, trace.Outcome, trace.PlanSteps, trace.AnswerTokens, trace.GoalShare, Actions(trace.Text));

    private int[] Actions(string text)
    {
        if (_texts.TryGetValue(text, out int[]? known))
            return known;
        if (_texts.Count == MostTexts)
            _texts.Clear();
        return _texts[text] = Count(text);
    }

    private int[] Count(string text)
    {
        var counts = new int[actions.Count];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Range word in text.AsSpan().SplitAny(Users.Separators))
        {
            if (places.TryGetValue(text.AsSpan(word), out int place))
                counts[place]++;
        }

        return counts;
    }
}
