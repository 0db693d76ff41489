using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Tests.Support;

/// <summary>Reads the facts of a prompt of the word-level models back into PDDL.</summary>
internal static class WordFacts
{
    public static string Read(string words, PlanningDomain domain)
    {
        var facts = new List<string>();
        List<string> group = [];
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (domain.Domain.FindPredicate(word) is not null)
                facts.AddRange(Expand(group, domain));
            if (domain.Domain.FindPredicate(word) is not null)
                group = [];
            group.Add(word);
        }

        return string.Concat(facts.Concat(Expand(group, domain)));
    }

    /// <summary>Facts told together share all but their last object.</summary>
    private static IEnumerable<string> Expand(List<string> group, PlanningDomain domain)
    {
        if (group.Count == 0)
            return [];
        Predicate predicate = domain.Domain.FindPredicate(group[0])!;
        return predicate.Arity == 0
            ? [$"({group[0]})"]
            : group.Skip(predicate.Arity).Select(last => $"({string.Join(' ', group.Take(predicate.Arity))} {last})");
    }
}
