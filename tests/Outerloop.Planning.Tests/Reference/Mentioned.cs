using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Reference;

/// <summary>
/// The ground atoms and numeric terms in a condition or an effect, by PDDL 2.1's definition 12 and, for the conditions of
/// effects, its flattening (definition 7): a condition belongs to the precondition, and what it guards to the action only
/// where it holds. A derived atom stands for itself and for all that the bodies of its axioms mention.
/// </summary>
/// <param name="holds">Whether the condition of an effect holds.</param>
internal sealed class Mentioned(Problem problem, Bindings bindings, Func<Condition, Dictionary<string, string>, bool> holds)
{
    public HashSet<string> Atoms { get; } = [];

    public HashSet<string> Numbers { get; } = [];

    public void In(Condition condition, Dictionary<string, string> binding)
    {
        switch (condition)
        {
            case Conjunction c:
                Each(c.Parts, p => In(p, binding));
                break;
            case Disjunction d:
                Each(d.Parts, p => In(p, binding));
                break;
            case Negation n:
                In(n.Body, binding);
                break;
            case Implication i:
                Each([i.Premise, i.Conclusion], p => In(p, binding));
                break;
            case Universal u:
                Each(bindings.Of(u.Variables, binding), b => In(u.Body, b));
                break;
            case Existential e:
                Each(bindings.Of(e.Variables, binding), b => In(e.Body, b));
                break;
            case Comparison c:
                Each([c.Left, c.Right], s => In(s, binding));
                break;
            case Atom a:
                Note(Bindings.Ground(a.Predicate.Name, a.Arguments, binding));
                break;
        }
    }

    /// <summary>What an effect reads, not what it changes.</summary>
    public void In(Effect effect, Dictionary<string, string> binding)
    {
        switch (effect)
        {
            case EffectConjunction c:
                Each(c.Parts, p => In(p, binding));
                break;
            case UniversalEffect u:
                Each(bindings.Of(u.Variables, binding), b => In(u.Effect, b));
                break;
            case ConditionalEffect c:
                In(c.Condition, binding);
                if (holds(c.Condition, binding))
                    In(c.Effect, binding);
                break;
            case NumericEffect n:
                In(n.Amount, binding);
                break;
        }
    }

    private void In(NumericExpression expression, Dictionary<string, string> binding)
    {
        if (expression is FunctionTerm f)
            Numbers.Add(Bindings.Ground(f.Function.Name, f.Arguments, binding));
        if (expression is Arithmetic a)
            Each(a.Operands, o => In(o, binding));
    }

    private void Note(string atom)
    {
        if (!Atoms.Add(atom))
            return;
        foreach (var axiom in problem.Domain.Axioms)
            Each(bindings.Of(axiom.Parameters, []).Where(b => ReferenceInterpreter.Head(axiom, b) == atom), b => In(axiom.Body, b));
    }

    private static void Each<T>(IEnumerable<T> parts, Action<T> action)
    {
        foreach (var part in parts)
            action(part);
    }
}
