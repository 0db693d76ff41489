using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Domains;

/// <summary>A domain that tasks can be generated for: its PDDL, its sizes, and a generator of solvable problems.</summary>
public abstract class PlanningDomain
{
    private readonly Lazy<Domain> domain;
    private readonly Lazy<ImmutableArray<string>> interchangeableNames;

    protected PlanningDomain()
    {
        domain = new(() => PddlReader.ReadDomain(new SourceText($"{Name}.pddl", Pddl)).Required());
        interchangeableNames = new(() => [.. NameSets.SelectMany(set => set.Names)]);
    }

    public abstract string Name { get; }

    /// <summary>The text of the domain.</summary>
    public abstract string Pddl { get; }

    public Domain Domain => domain.Value;

    public abstract IReadOnlyList<SizeParameter> Parameters { get; }

    /// <summary>Sets of names that mean nothing: exchanging names of one set leaves a task what it is.</summary>
    public virtual ImmutableArray<NameSet> NameSets => [];

    /// <summary>The names of all sets.</summary>
    public ImmutableArray<string> InterchangeableNames => interchangeableNames.Value;

    /// <summary>Names that tell something, a place for example, and so keep it in every telling of a task.</summary>
    public virtual ImmutableArray<string> MeaningfulNames => [];

    /// <summary>Predicates whose facts follow from the meaningful names of their objects, so that a model with a fixed vocabulary can do without them.</summary>
    public virtual ImmutableArray<string> ImpliedPredicates => [];

    /// <summary>The ranges of tasks to learn from.</summary>
    public SizeRanges PoolSizes => SizesOf(Difficulty.Pool);

    /// <summary>The ranges of tasks beyond the pool.</summary>
    public SizeRanges LargerSizes => SizesOf(Difficulty.Larger);

    public SizeRanges SizesOf(Difficulty difficulty) => SizeRanges.Of(Parameters, difficulty);

    /// <summary>The PDDL of a problem that is solvable by construction and not solved already. The same seed gives the same text.</summary>
    /// <exception cref="ImpossibleSizesException">There is no task of such sizes.</exception>
    public string GenerateProblem(string problemName, SizeRanges sizes, Random random) =>
        DrawUnsolved(sizes, random).Write(problemName, Domain.Name, random);

    /// <summary>Draws tasks until one is not solved already.</summary>
    public SolvableTask DrawUnsolved(SizeRanges sizes, Random random)
    {
        while (true)
        {
            var task = Draw(sizes, random);
            if (!task.IsSolvedAlready)
                return task;
        }
    }

    public override string ToString() => Name;

    /// <summary>Draws a task that can be solved; its goal may hold at once.</summary>
    protected abstract SolvableTask Draw(SizeRanges sizes, Random random);
}
