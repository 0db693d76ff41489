using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>A fact about named objects.</summary>
public sealed record GroundAtom(Predicate Predicate, ImmutableArray<PddlObject> Arguments)
{
    public override string ToString() => PddlPrinter.Print(this);
}

/// <summary>The value of a numeric fluent in the initial state.</summary>
public sealed record InitialValue(Function Function, ImmutableArray<PddlObject> Arguments, Number Value);

/// <summary>What a plan is to be measured by.</summary>
public sealed record Metric(bool Minimize, NumericExpression Expression);

/// <summary>A planning problem, type-checked against its domain.</summary>
public sealed record Problem
{
    public required string Name { get; init; }

    public required Domain Domain { get; init; }

    /// <summary>The domain's constants, then the problem's own objects, each in order of declaration.</summary>
    public required ObjectList Objects { get; init; }

    /// <summary>The facts that hold at the start, in the order written; all others do not.</summary>
    public required FactList Init { get; init; }

    public required InitialValueList InitialValues { get; init; }

    public required Condition Goal { get; init; }

    public Metric? Metric { get; init; }

    /// <summary>What the problem uses and this system does not implement, the domain's share included.</summary>
    public ImmutableArray<UnsupportedFeature> Unsupported { get; init; } = [];

    public override string ToString() => Name;
}
