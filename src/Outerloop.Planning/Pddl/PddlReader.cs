using System.Collections.Immutable;
using Outerloop.Planning.Pddl.Checking;
using Outerloop.Planning.Pddl.Syntax;

namespace Outerloop.Planning.Pddl;

/// <summary>
/// Reads and checks PDDL 2.1 level 2 with ADL, derived predicates and action costs. All errors of a text are found in one
/// pass, up to a hundred. Durative actions and other parts that are not implemented are no errors; they are listed in
/// <see cref="Problem.Unsupported"/>.
/// </summary>
public static class PddlReader
{
    public static Reading<Domain> ReadDomain(SourceText source) => Read(source, DomainReader.Read, domain => domain?.Unsupported ?? []);

    public static Reading<Problem> ReadProblem(SourceText source, Domain domain) =>
        Read(source, (tree, checker) => ProblemReader.Read(tree, domain, checker), problem => problem?.Unsupported ?? []);

    private static Reading<T> Read<T>(SourceText source, Func<SyntaxTree, Checker, T?> check, Func<T?, ImmutableArray<UnsupportedFeature>> unsupported)
        where T : class
    {
        var checker = new Checker(source);
        var tree = SyntaxParser.Parse(source, checker.Errors);
        if (tree is null)
            return checker.Finish<T>(null);
        var value = check(tree, checker);
        if (unsupported(value).Any(u => u.Name == Checker.ObjectFluents))
            checker.Pardon();
        return checker.Finish(value);
    }
}
