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
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        while (scanner.NextStep() is { } step)
            steps.Add(step);
        if (!scanner.Errors.IsEmpty)
            return new Reading<Plan>(null, scanner.Errors.ToDiagnostics());
        return new Reading<Plan>(new Plan(InOrder(steps)), []);
    }

    private static ImmutableArray<PlanStep> InOrder(ImmutableArray<PlanStep>.Builder steps) =>
        steps.Count > 0 && steps[0].Time is not null ? [.. steps.OrderBy(s => s.Time)] : steps.DrainToImmutable();
}
