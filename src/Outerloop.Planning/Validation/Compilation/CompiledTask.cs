using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>An action over numbered relations; its parameters live in slots 0, 1, ….</summary>
internal sealed record CompiledAction(ActionSchema Schema, TypeExtent[] Types, CompiledCondition Precondition, CompiledEffect Effect);

/// <summary>A problem with every name resolved to a number, ready to execute plans. Immutable, so shared between threads.</summary>
internal sealed class CompiledTask
{
    private readonly Dictionary<string, CompiledAction> actions = new(Names.Comparer);
    private readonly Dictionary<string, CompiledAction>.AlternateLookup<ReadOnlySpan<char>> actionsByText;

    public CompiledTask(Problem problem, CancellationToken cancellation)
    {
        actionsByText = actions.GetAlternateLookup<ReadOnlySpan<char>>();
        Objects = new ObjectTable(problem);
        Relations = new RelationTable(problem.Domain, Objects);
        var compiler = new Compiler(Objects, Relations);
        foreach (var schema in problem.Domain.Actions)
            actions[schema.Name] = Compile(schema, compiler);
        Derivation = new Derivation(problem.Domain.Axioms, compiler, Objects, Relations);
        compiler.Begin([]);
        Goal = compiler.Compile(problem.Goal);
        Metric = problem.Metric is { } metric ? compiler.Compile(metric.Expression) : null;
        SlotCount = compiler.SlotCount;
        Derivation.SlotCount = SlotCount;
        TooLarge = Relations.All.FirstOrDefault(r => r.IsTooLarge);
        Initial = TooLarge is null ? new InitialState(this, problem) : null;
        if (!problem.Domain.Axioms.IsEmpty)
            Initial?.Derive(cancellation);
    }

    public ObjectTable Objects { get; }

    public RelationTable Relations { get; }

    public Derivation Derivation { get; }

    public CompiledCondition Goal { get; }

    public CompiledExpression? Metric { get; }

    public int SlotCount { get; }

    /// <summary>A relation with more possible facts than can be numbered; there is no initial state then.</summary>
    public Relation? TooLarge { get; }

    public InitialState? Initial { get; }

    public IEnumerable<string> ActionNames => actions.Values.Select(a => a.Schema.Name);

    public CompiledAction? FindAction(ReadOnlySpan<char> name) => actionsByText.TryGetValue(name, out var action) ? action : null;

    private CompiledAction Compile(ActionSchema schema, Compiler compiler)
    {
        compiler.Begin(schema.Parameters);
        return new CompiledAction(
            schema,
            [.. schema.Parameters.Select(p => Objects.Extent(p.Type))],
            compiler.Compile(schema.Precondition),
            compiler.Compile(schema.Effect));
    }
}
