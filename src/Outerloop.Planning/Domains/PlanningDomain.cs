using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Domains;

/// <summary>A domain that tasks can be generated for: its PDDL, its sizes, and a generator of solvable problems.</summary>
public abstract class PlanningDomain
{
    private readonly Lazy<Domain> domain;

    protected PlanningDomain() => domain = new Lazy<Domain>(() => PddlReader.ReadDomain(new SourceText($"{Name}.pddl", Pddl)).Required());

    public abstract string Name { get; }

    /// <summary>The text of the domain.</summary>
    public abstract string Pddl { get; }

    public Domain Domain => domain.Value;

    public abstract IReadOnlyList<SizeParameter> Parameters { get; }

    /// <summary>Names that generated objects take and that mean nothing: exchanging them leaves a task what it is.</summary>
    public virtual ImmutableArray<string> InterchangeableNames => [];

    /// <summary>The ranges of tasks to learn from.</summary>
    public SizeRanges PoolSizes => SizeRanges.Pool(Parameters);

    /// <summary>The ranges of tasks beyond the pool.</summary>
    public SizeRanges LargerSizes => SizeRanges.Larger(Parameters);

    /// <summary>The PDDL of a problem that is solvable by construction and not solved already. The same seed gives the same text.</summary>
    public abstract string GenerateProblem(string problemName, SizeRanges sizes, Random random);

    public override string ToString() => Name;
}
