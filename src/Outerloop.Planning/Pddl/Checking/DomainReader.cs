using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>Turns the syntax tree of a domain into the typed model: first all declarations, then everything that uses them.</summary>
internal sealed class DomainReader
{
    private static readonly string[] Sections =
    [
        ":requirements", ":types", ":constants", ":predicates", ":functions", ":constraints", ":derived",
        ":durative-action", ":process", ":event", ":action",
    ];

    private static readonly string[] Repeatable = [":derived", ":durative-action", ":process", ":event", ":action"];

    private readonly Checker checker;
    private readonly Vocabulary vocabulary = new();
    private readonly Definition definition;

    private DomainReader(Checker checker, Definition definition) => (this.checker, this.definition) = (checker, definition);

    public static Domain? Read(SyntaxTree tree, Checker checker) =>
        Definition.Read(tree.Root, "domain", Sections, Repeatable, checker) is { } definition
            ? new DomainReader(checker, definition).Read()
            : null;

    private Domain Read()
    {
        var requirements = RequirementFlags.Read(definition.All(":requirements"), checker);
        vocabulary.Types = TypeReader.Read(definition.Only(":types"), checker);
        ObjectReader.Read(definition.Only(":constants"), "a constant", vocabulary, checker);
        vocabulary.Objects.EndConstants();
        var declarations = new DeclarationReader(checker, vocabulary);
        var predicates = declarations.Predicates(definition.Only(":predicates"), DerivedNames());
        var functions = declarations.Functions(definition.Only(":functions"));
        ReportUnsupported();
        var schemas = new SchemaReader(checker, vocabulary);
        var axioms = schemas.Axioms(definition.All(":derived"));
        return new Domain
        {
            Name = definition.Name,
            Requirements = requirements,
            Types = vocabulary.Types,
            Constants = vocabulary.Objects,
            Predicates = predicates,
            Functions = functions,
            Axioms = axioms,
            Actions = schemas.Actions(definition.All(":action")),
            Unsupported = checker.UnsupportedFeatures(),
        };
    }

    private HashSet<string> DerivedNames() =>
        definition.All(":derived")
            .Select(s => s.Body is var body && body.MoveNext() ? body.Current.Head : null)
            .OfType<SyntaxNode>()
            .Select(head => head.Text)
            .ToHashSet(Names.Comparer);

    private void ReportUnsupported()
    {
        foreach (var (keyword, feature) in new[]
        {
            (":durative-action", "durative actions"), (":process", "processes"), (":event", "events"),
            (":constraints", "trajectory constraints"),
        })
        {
            foreach (var section in definition.All(keyword))
                checker.Unsupported(feature, section.Node);
        }
    }
}
