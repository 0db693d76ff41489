using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Reads actions and axioms.</summary>
internal sealed class SchemaReader
{
    private static readonly string[] Fields = [":parameters", ":precondition", ":effect"];

    private readonly Checker checker;
    private readonly Vocabulary vocabulary;
    private readonly Scope scope = new();
    private readonly TermReader terms;
    private readonly ConditionReader conditions;
    private readonly EffectReader effects;

    public SchemaReader(Checker checker, Vocabulary vocabulary)
    {
        this.checker = checker;
        this.vocabulary = vocabulary;
        terms = new TermReader(checker, vocabulary, scope);
        conditions = new ConditionReader(checker, vocabulary, scope);
        effects = new EffectReader(checker, vocabulary, scope);
    }

    public ImmutableArray<ActionSchema> Actions(IEnumerable<Section> sections)
    {
        var result = ImmutableArray.CreateBuilder<ActionSchema>();
        var names = new HashSet<string>(Names.Comparer);
        foreach (var section in sections)
        {
            if (Action(section) is not { } action)
                continue;
            result.Add(action);
            if (!names.Add(action.Name))
                checker.Error("duplicate-action", section.Elements()[1], $"the action '{action.Name}' is declared twice");
        }

        return result.ToImmutable();
    }

    public ImmutableArray<Axiom> Axioms(IEnumerable<Section> sections)
    {
        var result = ImmutableArray.CreateBuilder<Axiom>();
        var places = new List<SyntaxNode>();
        foreach (var section in sections)
        {
            if (Axiom(section) is not { } axiom)
                continue;
            result.Add(axiom);
            places.Add(section.Node);
        }

        var axioms = result.ToImmutable();
        if (Stratification.FirstUnstratified(axioms) is { } index)
            checker.Error("unstratified-axiom", places[index], $"'{axioms[index].Predicate.Name}' depends on its own negation");
        return axioms;
    }

    private ActionSchema? Action(Section section)
    {
        if (section.Elements() is not [_, var nameNode, .. var rest])
        {
            checker.Error("expected-name", section.Node, "an action needs a name");
            return null;
        }

        var name = checker.Name(nameNode, "the action's name");
        var fields = ReadFields(rest, section);
        var parameters = fields.TryGetValue(":parameters", out var list) ? Parameters(list) : [];
        scope.Enter(parameters);
        var precondition = fields.TryGetValue(":precondition", out var condition) ? conditions.Read(condition) : Condition.True;
        var effect = fields.TryGetValue(":effect", out var change) ? effects.Read(change) : Effect.None;
        scope.Leave();
        return name is null ? null : new ActionSchema(name, parameters, precondition, effect);
    }

    private Dictionary<string, SyntaxNode> ReadFields(SyntaxNode[] rest, Section section)
    {
        var fields = new Dictionary<string, SyntaxNode>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i].Kind != SyntaxKind.Keyword)
                checker.Error("expected-field", rest[i], $"expected :parameters, :precondition or :effect, found {rest[i].Shown}");
            else if (!Fields.Contains(rest[i].Text, StringComparer.OrdinalIgnoreCase))
                checker.Error("unknown-field", rest[i++], "an action has :parameters, :precondition and :effect", Suggestion.For(rest[i - 1].Text, Fields));
            else if (i + 1 == rest.Length || rest[i + 1].Kind == SyntaxKind.Keyword)
                checker.Error("missing-value", rest[i], $"nothing follows {rest[i].Text} in {section.Node.Shown}");
            else if (!fields.TryAdd(rest[i].Text, rest[i + 1]))
                checker.Error("duplicate-field", rest[i++], "this field appears twice");
            else
                i++;
        }

        return fields;
    }

    private ImmutableArray<Parameter> Parameters(SyntaxNode node)
    {
        if (node.IsList)
            return terms.Parameters(node.GetEnumerator());
        checker.Error("expected-parameters", node, $"expected a list of variables in parentheses, found {node.Shown}");
        return [];
    }

    private Axiom? Axiom(Section section)
    {
        if (section.Elements() is not [_, { Head: { } head } heading, var body])
        {
            checker.Error("bad-axiom", section.Node, "expected (:derived (predicate variables) condition)");
            return null;
        }

        var variables = heading.GetEnumerator();
        variables.MoveNext();
        var errors = checker.Errors.Count;
        var parameters = terms.Parameters(variables);
        var predicate = checker.Errors.Count > errors ? null : Derived(head, ref parameters);
        scope.Enter(parameters);
        var condition = conditions.Read(body);
        scope.Leave();
        return predicate is null ? null : new Axiom(predicate, parameters, condition);
    }

    /// <summary>The predicate of an axiom's head; variables without a type of their own take the declared one.</summary>
    private Predicate? Derived(SyntaxNode head, ref ImmutableArray<Parameter> parameters)
    {
        if (checker.Name(head, "a predicate") is not { } name)
            return null;
        if (!vocabulary.Predicates.TryGetValue(name, out var predicate))
        {
            if (!vocabulary.Broken.Contains(name))
                checker.Unknown("predicate", head, name, vocabulary.Predicates.Keys);
            return null;
        }

        if (predicate.Arity != parameters.Length)
        {
            checker.Error("arity", head, $"'{name}' is declared with {predicate.Arity} arguments, not {parameters.Length}");
            return null;
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            var declared = predicate.Parameters[i].Type;
            if (parameters[i].Type.IsObject)
                parameters = parameters.SetItem(i, parameters[i] with { Type = declared });
            else if (!vocabulary.Types.IsSubtype(parameters[i].Type, declared))
                checker.Error("wrong-type", head, $"?{parameters[i].Name} is of type {parameters[i].Type}, but '{name}' is declared for {declared}");
        }

        return predicate;
    }
}
