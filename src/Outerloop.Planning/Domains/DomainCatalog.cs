using System.Collections.Immutable;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Domains;

/// <summary>
/// All domains that tasks can be generated for, by name. They are found, not listed: every class of this library that
/// derives from <see cref="PlanningDomain"/> and has a constructor without parameters. A new one is a file of its own.
/// </summary>
public static class DomainCatalog
{
    public static ImmutableArray<PlanningDomain> All { get; } =
    [
        .. typeof(PlanningDomain).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PlanningDomain)) && !type.IsAbstract)
            .Select(type => (PlanningDomain)Activator.CreateInstance(type)!)
            .OrderBy(domain => domain.Name, StringComparer.Ordinal),
    ];

    public static PlanningDomain? Find(string name) => All.FirstOrDefault(d => Names.Same(d.Name, name));

    /// <summary>The name that an unknown one may have meant.</summary>
    public static string? Suggest(string name) => Suggestion.For(name, All.Select(d => d.Name));
}
