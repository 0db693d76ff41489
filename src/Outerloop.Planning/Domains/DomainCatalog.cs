using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Domains;

/// <summary>All domains that tasks can be generated for. A new one is a file of its own and a line here.</summary>
public static class DomainCatalog
{
    public static ImmutableArray<PlanningDomain> All { get; } =
    [
        new Blocksworld(),
        new Rovers(),
        new Sokoban(),
        new Childsnack(),
        new Ferry(),
        new Floortile(),
        new Miconic(),
        new Satellite(),
        new Spanner(),
        new Transport(),
    ];

    public static PlanningDomain? Find(string name) => All.FirstOrDefault(d => Names.Same(d.Name, name));

    /// <summary>The name that an unknown one may have meant.</summary>
    public static string? Suggest(string name) => Suggestion.For(name, All.Select(d => d.Name));
}
