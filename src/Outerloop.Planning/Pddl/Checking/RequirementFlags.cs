using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>
/// The flags of the language's versions. A declared flag promises nothing here, and an undeclared one forbids nothing:
/// what a text uses is seen from the text. Flags of other languages are refused, since they could change its meaning.
/// </summary>
internal static class RequirementFlags
{
    private static readonly string[] Known =
    [
        ":strips", ":typing", ":negative-preconditions", ":disjunctive-preconditions", ":equality",
        ":existential-preconditions", ":universal-preconditions", ":quantified-preconditions", ":conditional-effects",
        ":universal-effects", ":adl", ":ucpop", ":fluents", ":numeric-fluents", ":object-fluents", ":goal-utilities",
        ":derived-predicates", ":domain-axioms", ":action-costs", ":durative-actions", ":duration-inequalities",
        ":continuous-effects", ":timed-initial-literals", ":timed-effects", ":timed-initial-fluents", ":time",
        ":preferences", ":constraints", ":safety-constraints", ":expression-evaluation", ":open-world",
        ":quantified-effects", ":processes", ":events", ":multi-agent", ":non-deterministic", ":negative-goals",
    ];

    public static ImmutableArray<string> Read(IEnumerable<Section> sections, Checker checker)
    {
        var flags = ImmutableArray.CreateBuilder<string>();
        foreach (var node in sections.SelectMany(s => s.Elements()[1..]))
        {
            if (node.Kind != SyntaxKind.Keyword)
                checker.Error("bad-requirement", node, $"a requirement is a flag such as :typing, not {node.Shown}");
            else if (!Known.Contains(node.Text, StringComparer.OrdinalIgnoreCase))
                checker.Error("unknown-requirement", node, $"the requirement {node.Shown} is not known", Suggestion.For(node.Text, Known));
            else
                flags.Add(node.Text[1..]);
        }

        return flags.ToImmutable();
    }
}
