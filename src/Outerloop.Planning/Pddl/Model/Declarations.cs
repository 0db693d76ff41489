using System.Collections.Immutable;

namespace Outerloop.Planning.Pddl;

/// <summary>A typed variable of an action, predicate, function or quantifier; the name is without its '?'.</summary>
public sealed record Parameter(string Name, TypeName Type);

/// <summary>A predicate as declared; one that <c>IsDerived</c> is defined by axioms, so no effect or initial fact may touch it.</summary>
public sealed record Predicate(string Name, ImmutableArray<Parameter> Parameters, bool IsDerived = false)
{
    public int Arity => Parameters.Length;
}

/// <summary>A numeric fluent as declared.</summary>
public sealed record Function(string Name, ImmutableArray<Parameter> Parameters)
{
    /// <summary>The function whose metric the field reads as the cost of a plan, and which starts at 0 where init is silent.</summary>
    public const string TotalCost = "total-cost";

    public int Arity => Parameters.Length;

    public bool IsTotalCost => Arity == 0 && Names.Same(Name, TotalCost);
}

/// <summary>A named thing of a problem, or a constant of its domain.</summary>
public sealed record PddlObject(string Name, TypeName Type, bool IsConstant = false);

/// <summary>An action as declared: what holds before, and what changes, for each choice of its parameters.</summary>
public sealed record ActionSchema(string Name, ImmutableArray<Parameter> Parameters, Condition Precondition, Effect Effect);

/// <summary>An axiom: the derived predicate holds of its parameters wherever the body does.</summary>
public sealed record Axiom(Predicate Predicate, ImmutableArray<Parameter> Parameters, Condition Body);

/// <summary>A part of the language that is recognised and whose meaning is not implemented, e.g. durative actions.</summary>
public sealed record UnsupportedFeature(string Name, Diagnostic Place);
