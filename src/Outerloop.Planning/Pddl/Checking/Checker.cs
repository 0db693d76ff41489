using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl.Checking;

/// <summary>The errors of one text, and the features found in it that are not implemented.</summary>
internal sealed class Checker(SourceText source)
{
    private readonly List<(string Name, int Offset)> unsupported = [];

    /// <summary>The feature that lets functions denote objects, so that terms can no longer be told from numbers.</summary>
    public const string ObjectFluents = "object fluents";

    public DiagnosticBag Errors { get; private set; } = new(source);

    public void Error(string code, SyntaxNode node, string message, string? suggestion = null) =>
        Errors.Add(code, node.Start, message, suggestion);

    /// <summary>An undeclared name, with the nearest declared one as suggestion.</summary>
    public void Unknown(string kind, SyntaxNode node, string name, IEnumerable<string> declared)
    {
        if (!Errors.IsFull)
            Error($"unknown-{kind}", node, $"the {kind} '{node.Shown}' is not declared", Suggestion.For(name, declared));
    }

    public void Unsupported(string feature, SyntaxNode node)
    {
        if (unsupported.Count < DiagnosticBag.Limit)
            unsupported.Add((feature, node.Start));
    }

    public ImmutableArray<UnsupportedFeature> UnsupportedFeatures()
    {
        var places = new DiagnosticBag(source);
        foreach (var (name, offset) in unsupported)
            places.Add("unsupported", offset, $"{name} are recognised but not implemented");
        var located = places.ToDiagnostics();
        return [.. unsupported.OrderBy(u => u.Offset).Zip(located, (u, place) => new UnsupportedFeature(u.Name, place))];
    }

    /// <summary>Drops the errors found after all, where they may come from a feature that is not implemented.</summary>
    public void Pardon() => Errors = new DiagnosticBag(source);

    public Reading<T> Finish<T>(T? value)
        where T : class => new(Errors.IsEmpty ? value : null, Errors.ToDiagnostics());

    /// <summary>The text of a node that must be a name.</summary>
    public string? Name(SyntaxNode node, string what) => IsName(node, what) ? node.Text : null;

    /// <summary>Whether a node that must be a name is one.</summary>
    public bool IsName(SyntaxNode node, string what)
    {
        if (node.IsSymbol && Characters.StartsName(node.Span[0]))
            return true;
        Error("expected-name", node, $"expected {what}, found {node.Shown}");
        return false;
    }
}
