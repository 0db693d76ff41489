using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Prompting;

/// <summary>
/// The language of the small word-level models. A task is its name's words: <c>&lt;init&gt;</c>, the facts,
/// <c>&lt;goal&gt;</c>, the goal's facts, <c>&lt;plan&gt;</c>; a plan is the words of its steps, each step beginning
/// with the name of an action: <c>unstack b3 b7 putdown b3</c>. Facts that differ in their last object alone are told
/// together, <c>clear b3 b5</c>, and facts that follow from the names of their objects are not told.
/// </summary>
public sealed class WordFormat : IPromptFormat
{
    public const string Init = "<init>", Goal = "<goal>", Plan = "<plan>";

    /// <summary>The words that give a prompt its form.</summary>
    public static ImmutableArray<string> Marks { get; } = [Init, Goal, Plan];

    private readonly FrozenSet<string> _actions;
    private readonly FrozenSet<string> _predicates;
    private readonly FrozenSet<string> _implied;

    public WordFormat(PlanningDomain domain)
    {
        _actions = domain.Domain.Actions.Select(action => action.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _predicates = domain.Domain.Predicates.Select(predicate => predicate.Name).Concat(Marks).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _implied = domain.ImpliedPredicates.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The words of a domain's prompts and plans that are not names of objects.</summary>
    public static IEnumerable<string> Words(PlanningDomain domain) =>
    [
        .. domain.Domain.Predicates.Select(predicate => predicate.Name).Except(domain.ImpliedPredicates, StringComparer.OrdinalIgnoreCase),
        .. domain.Domain.Actions.Select(action => action.Name),
    ];

    /// <summary>All words that a domain's tasks of the sizes of pool and larger set are told in.</summary>
    public static IEnumerable<string> Vocabulary(PlanningDomain domain) =>
        [.. Words(domain), .. domain.MeaningfulNames, .. domain.InterchangeableNames];

    public string Prompt(Problem problem, Random? order = null)
    {
        string[][] facts = [.. problem.Init.Where(fact => !_implied.Contains(fact.Predicate.Name)).Select(Words)];
        string[][] goals = [.. GoalFacts(problem.Goal)];
        order?.Shuffle(facts);
        order?.Shuffle(goals);
        return string.Join(' ', [Init, .. Grouped(facts), Goal, .. Grouped(goals), Plan]);
    }

    /// <summary>A plan as the words that <see cref="ReadPlan"/> reads.</summary>
    public static string Print(Plan plan)
    {
        var text = new StringBuilder();
        foreach (PlanStep step in plan.Steps)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(step.Action);
            foreach (string argument in step.Arguments)
                text.Append(' ').Append(argument);
        }

        return text.ToString();
    }

    /// <summary>
    /// Cuts the words at the names of actions. A word that belongs to no step, before the first action or no name of an
    /// object, makes the answer unreadable; whether a step has the right arguments is for the validator to say.
    /// </summary>
    public Reading<Plan> ReadPlan(string answer)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        var arguments = ImmutableArray.CreateBuilder<string>();
        string? action = null;
        int column = 1, start = 1;
        foreach (string word in answer.Split(' '))
        {
            bool isAction = _actions.Contains(word);
            if (!isAction && (action is null || word.Length == 0 || _predicates.Contains(word)) && answer.Length > 0)
                return Unreadable(answer, word, column);
            if (isAction)
            {
                AddStep(steps, action, arguments, start);
                (action, start) = (word, column);
            }
            else
            {
                arguments.Add(word);
            }

            column += word.Length + 1;
        }

        AddStep(steps, action, arguments, start);
        return new Reading<Plan>(new Plan(steps.ToImmutable()), []);
    }

    Reading<Plan> IPromptFormat.ReadPlan(string answer, PlanValidator validator) => ReadPlan(answer);

    private static void AddStep(
        ImmutableArray<PlanStep>.Builder steps, string? action, ImmutableArray<string>.Builder arguments, int column)
    {
        if (action is not null)
            steps.Add(new PlanStep(action, arguments.ToImmutable(), 1, column));
        arguments.Clear();
    }

    private static Reading<Plan> Unreadable(string answer, string word, int column) =>
        new(null, [new Diagnostic("answer", 1, column, "not-a-step", $"'{word}' belongs to no step of a plan", answer, column)]);

    /// <summary>The words of facts, those of facts with the same beginning told once; in the order of the first of each group.</summary>
    private static IEnumerable<string> Grouped(IEnumerable<string[]> facts) =>
        facts.GroupBy(fact => fact.Length == 1 ? fact[0] : string.Join(' ', fact[..^1]))
            .Select(group => string.Join(' ', [group.Key, .. group.Where(fact => fact.Length > 1).Select(fact => fact[^1])]));

    private static string[] Words(GroundAtom atom) => [atom.Predicate.Name, .. atom.Arguments.Select(argument => argument.Name)];

    private static string[] Words(Atom atom) =>
        [atom.Predicate.Name, .. atom.Arguments.Select(argument => argument is ObjectTerm named ? named.Object.Name : argument.ToString()!)];

    /// <summary>The literals of a conjunction as words; a small model is told nothing richer.</summary>
    /// <exception cref="InputException">The goal is no conjunction of facts.</exception>
    private static IEnumerable<string[]> GoalFacts(Condition goal) => goal switch
    {
        Atom atom => [Words(atom)],
        Conjunction conjunction => conjunction.Parts.SelectMany(GoalFacts),
        _ => throw new InputException($"the goal {goal} cannot be told to a word-level model: it is no conjunction of facts"),
    };
}
