using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation;

/// <summary>A domain and problem ready to judge plans, or the verdict that all their plans get because they are not.</summary>
/// <param name="Validator">Judges plans.</param>
/// <param name="Fault">What is wrong instead.</param>
/// <param name="Size">Characters of both texts, as a measure of what is kept in memory.</param>
internal sealed record LoadedTask(PlanValidator? Validator, Verdict? Fault, long Size)
{
    /// <summary>Even the record of a failure takes room.</summary>
    private const int LeastSize = 1 << 10;

    public static LoadedTask Load(Reading<Domain> domain, Reading<SourceText> source, CancellationToken cancellation)
    {
        if (!domain.Ok)
            return Failed(domain.Errors, LeastSize);
        if (!source.Ok)
            return Failed(source.Errors, LeastSize);
        var size = LeastSize + source.Value.Text.Length;
        var problem = PddlReader.ReadProblem(source.Value, domain.Value);
        return problem.Ok ? new LoadedTask(new PlanValidator(problem.Value, cancellation), null, size) : Failed(problem.Errors, LeastSize);
    }

    /// <summary>The first error, and how many more there are.</summary>
    public static Verdict FaultOf(ImmutableArray<Diagnostic> errors)
    {
        var more = errors.Length > 1 ? $" (and {errors.Length - 1} more)" : "";
        return new Verdict(VerdictKind.Error, null, errors[0].Code, $"{errors[0]}{more}", null);
    }

    private static LoadedTask Failed(ImmutableArray<Diagnostic> errors, long size) => new(null, FaultOf(errors), size);
}

/// <summary>Where a domain and a problem are.</summary>
internal sealed record TaskFiles(string Domain, string Problem);

/// <summary>A domain, right or wrong.</summary>
/// <param name="Reading">What came of reading it.</param>
/// <param name="Size">Characters, as a measure of what is kept in memory.</param>
internal sealed record LoadedDomain(Reading<Domain> Reading, long Size)
{
    public static LoadedDomain Of(Reading<SourceText> source) => source.Ok
        ? new LoadedDomain(PddlReader.ReadDomain(source.Value), source.Value.Text.Length + 1)
        : new LoadedDomain(new Reading<Domain>(null, source.Errors), 1);
}
