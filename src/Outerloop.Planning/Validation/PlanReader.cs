using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>
/// Reads a plan strictly: steps <c>(action object …)</c>, each optionally with a time before it (<c>0.5:</c>) and a
/// duration after it (<c>[1]</c>), blanks and <c>;</c> comments anywhere between. Anything else is an error: text around
/// a plan is not guessed at. Steps with times are ordered by them.
/// </summary>
public static class PlanReader
{
    public static Reading<Plan> Read(SourceText source)
    {
        var scanner = new PlanScanner(source);
        var names = new NameTable();
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        while (scanner.MoveNext())
            steps.Add(Step(scanner, names));
        if (!scanner.Errors.IsEmpty)
            return new Reading<Plan>(null, scanner.Errors.ToDiagnostics());
        return new Reading<Plan>(new Plan(InOrder(steps)), []);
    }

    private static PlanStep Step(PlanScanner scanner, NameTable names)
    {
        var arguments = ImmutableArray.CreateBuilder<string>(scanner.Arity);
        for (var i = 1; i <= scanner.Arity; i++)
            arguments.Add(names.Find(scanner.Name(i)));
        return new PlanStep(names.Find(scanner.Name(0)), arguments.MoveToImmutable(), scanner.Line, scanner.Column) { Time = scanner.Time };
    }

    private static ImmutableArray<PlanStep> InOrder(ImmutableArray<PlanStep>.Builder steps) =>
        steps.Count > 0 && steps[0].Time is not null ? [.. steps.OrderBy(s => s.Time)] : steps.DrainToImmutable();
}
