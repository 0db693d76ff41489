using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Turns the syntax tree of a problem into the typed model.</summary>
internal sealed class ProblemReader
{
    private static readonly string[] Sections =
        [":domain", ":requirements", ":objects", ":init", ":constraints", ":metric", ":length", ":goal"];

    private readonly Checker checker;
    private readonly Domain domain;
    private readonly Definition definition;
    private readonly Vocabulary vocabulary;

    private ProblemReader(Checker checker, Domain domain, Definition definition)
    {
        this.checker = checker;
        this.domain = domain;
        this.definition = definition;
        vocabulary = Vocabulary.Of(domain);
    }

    public static Problem? Read(SyntaxTree tree, Domain domain, Checker checker) =>
        Definition.Read(tree.Root, "problem", Sections, [], checker) is { } definition
            ? new ProblemReader(checker, domain, definition).Read(tree.Root)
            : null;

    private Problem Read(SyntaxNode root)
    {
        CheckDomain(root);
        RequirementFlags.Read(definition.All(":requirements"), checker);
        ObjectReader.Read(definition.Only(":objects"), "an object", vocabulary, checker);
        var init = new InitReader(checker, vocabulary, domain);
        if (definition.Only(":init") is { } section)
            init.Read(section.Body);
        else
            checker.Error("missing-init", root, "the problem has no (:init …)");
        foreach (var constraints in definition.All(":constraints"))
            checker.Unsupported("trajectory constraints", constraints.Node);
        return new Problem
        {
            Name = definition.Name,
            Domain = domain,
            Objects = vocabulary.Objects,
            Init = init.Facts,
            InitialValues = init.Values,
            Goal = Goal(root),
            Metric = Metric(),
            Unsupported = domain.Unsupported.AddRange(checker.UnsupportedFeatures()),
        };
    }

    private void CheckDomain(SyntaxNode root)
    {
        if (definition.Only(":domain")?.Elements() is not [_, var node])
            checker.Error("missing-domain", definition.Only(":domain")?.Node ?? root, "the problem does not name its domain: (:domain name)");
        else if (checker.Name(node, "the domain's name") is { } name && !Names.Same(name, domain.Name))
            checker.Error("wrong-domain", node, $"the problem is for the domain '{name}', not '{domain.Name}'", Suggestion.For(name, [domain.Name]));
    }

    private Condition Goal(SyntaxNode root)
    {
        if (definition.Only(":goal") is not { } section)
            checker.Error("missing-goal", root, "the problem has no (:goal …)");
        else if (section.Elements() is not [_, var condition])
            checker.Error("bad-goal", section.Node, "a goal is one condition; join several with 'and'");
        else
            return new ConditionReader(checker, vocabulary, new Scope()).Read(condition);
        return Condition.True;
    }

    private Metric? Metric()
    {
        if (definition.Only(":metric") is not { } section)
            return null;
        if (section.Elements() is not [_, var direction, var expression] || !(direction.Is("minimize") || direction.Is("maximize")))
        {
            checker.Error("bad-metric", section.Node, "expected (:metric minimize expression) or (:metric maximize expression)");
            return null;
        }

        if (UsesViolations(expression))
            return null;
        var read = new NumericReader(checker, vocabulary, new TermReader(checker, vocabulary, new Scope())).Read(expression);
        return read is null ? null : new Metric(direction.Is("minimize"), read);
    }

    /// <summary>A metric over violated preferences has a value only where preferences are implemented.</summary>
    private bool UsesViolations(SyntaxNode node)
    {
        if (node.Head is { } head && head.Is("is-violated") && !vocabulary.Functions.ContainsKey("is-violated"))
        {
            checker.Unsupported("preferences", node);
            return true;
        }

        return node.Elements().Any(UsesViolations);
    }
}
