using System.Globalization;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Reference;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation;

/// <summary>A plan told step by step, against the reference interpreter.</summary>
public sealed class PlanReplayTests
{
    public static TheoryData<string> Domains => [.. DomainCatalog.All.Select(domain => domain.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void Steps_of_plans_with_mistakes_lead_from_state_to_state(string domain) => Seeds.Each(40, seed =>
    {
        var drawn = MutatedPlan.Draw(DomainCatalog.Find(domain)!, new Random(seed));

        AssertAgrees(drawn.Problem, drawn.Plan);
    });

    [Fact]
    public void Steps_of_plans_in_the_whole_language_lead_from_state_to_state() => Seeds.Each(600, seed =>
    {
        var task = new RandomTask(seed);
        var problem = Samples.Problem(task.Domain, task.Problem);

        AssertAgrees(problem, RandomPlan.Draw(problem, new Random(seed)).Plan);
    });

    [Fact]
    public void Plans_with_mistakes_meet_every_end()
    {
        var ends = DomainCatalog.All.SelectMany(domain => Enumerable.Range(0, 40).Select(seed => MutatedPlan.Draw(domain, new Random(seed))))
            .Select(drawn => new PlanValidator(drawn.Problem).Replay(drawn.Plan).Verdict.Reason ?? "valid").CountBy(end => end).ToDictionary();

        Assert.All((string[])["valid", Reasons.Precondition, Reasons.Goal, Reasons.UnknownAction, Reasons.Arity, Reasons.Type], end => Assert.InRange(ends.GetValueOrDefault(end), 10, 300));
    }

    private static void AssertAgrees(Problem problem, Plan plan)
    {
        var validator = new PlanValidator(problem);
        var replay = validator.Replay(plan);
        var reference = new ReferenceInterpreter(problem);
        var state = new ToldState(problem, reference);

        var taken = 0;
        int? failed = null;
        while (taken < plan.Length && failed is null)
        {
            var together = plan.Steps.Skip(taken).TakeWhile((step, i) => i == 0 || (step.Time is { } time && time == plan.Steps[taken].Time)).ToList();
            failed = reference.TakeAtOnce(together);
            var counted = failed ?? together.Count;
            foreach (var step in replay.Taken.Skip(taken).Take(counted))
                state.Take(step);
            taken += counted;
            state.AssertIs(reference);
        }

        Assert.Equal(plan.Steps[..taken], replay.Taken.Select(step => step.Step));
        Assert.Equal(failed is null ? null : taken + 1, replay.Verdict.Step);
        Assert.Equal(validator.Validate(plan), replay.Verdict);
        AssertUnmet(problem, plan, replay, reference);
    }

    /// <summary>What is said not to hold does not, and every other literal of the condition does.</summary>
    private static void AssertUnmet(Problem problem, Plan plan, PlanReplay replay, ReferenceInterpreter reference)
    {
        var (condition, binding) = replay.Verdict.Reason switch
        {
            Reasons.Goal => (problem.Goal, []),
            Reasons.Precondition => PreconditionOf(problem, plan.Steps[replay.Taken.Length]),
            _ => (Condition.True, new Dictionary<string, string>()),
        };
        var unmet = replay.Unmet.Where(part => part.Atom is not null).Select(part => (Fact: $"{part.Atom}", part.Wanted)).ToHashSet();

        Assert.Equal(replay.Verdict.Reason is Reasons.Goal or Reasons.Precondition, !replay.Unmet.IsEmpty);
        Assert.All(unmet, part => Assert.NotEqual(part.Wanted, reference.HasFact(part.Fact)));
        Assert.All(Literals(condition, binding), part => Assert.Equal(part.Wanted != reference.HasFact(part.Fact), unmet.Contains(part)));
    }

    private static (Condition Condition, Dictionary<string, string> Binding) PreconditionOf(Problem problem, PlanStep step)
    {
        var action = problem.Domain.Actions.Single(action => action.Name == step.Action);
        return (action.Precondition, new Bindings(problem).Of(action, step)!);
    }

    private static IEnumerable<(string Fact, bool Wanted)> Literals(Condition condition, Dictionary<string, string> binding) => condition switch
    {
        Conjunction all => all.Parts.SelectMany(part => Literals(part, binding)),
        Atom atom => [(Bindings.Ground(atom.Predicate.Name, atom.Arguments, binding), true)],
        Negation { Body: Atom atom } => [(Bindings.Ground(atom.Predicate.Name, atom.Arguments, binding), false)],
        _ => [],
    };

    /// <summary>A state as its steps tell it.</summary>
    private sealed class ToldState(Problem problem, ReferenceInterpreter start)
    {
        private readonly HashSet<string> facts = [.. problem.Init.Select(fact => $"{fact}")];
        private readonly Dictionary<string, double> values = start.Values.ToDictionary(value => value.Key, value => (double)value.Value);

        public void Take(ReplayedStep step)
        {
            Assert.All(step.Removed, fact => Assert.True(facts.Remove($"{fact}"), $"{fact} is removed and was not there"));
            Assert.All(step.Added, fact => Assert.True(facts.Add($"{fact}"), $"{fact} is added and was there"));
            foreach (var change in step.Changed)
                values[change.Fluent] = Read(change.Value);
        }

        public void AssertIs(ReferenceInterpreter reference)
        {
            Assert.Equal(reference.TouchableFacts.Order(StringComparer.Ordinal), facts.Order(StringComparer.Ordinal));
            Assert.Equal(reference.Values.Keys.Order(StringComparer.Ordinal), values.Keys.Order(StringComparer.Ordinal));
            Assert.All(reference.Values, value => Assert.Equal((double)value.Value, values[value.Key], 1e-9 * Math.Max(1, Math.Abs((double)value.Value))));
        }

        private static double Read(string number) =>
            number.Split('/').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).Aggregate((over, under) => over / under);
    }
}
