using System.Collections.Immutable;
using System.Globalization;

namespace Outerloop.Planning.Domains;

/// <summary>Objects of one type.</summary>
/// <param name="Type">The type, or null in a domain without types.</param>
public sealed record TypedObjects(string? Type, ImmutableArray<string> Names);

/// <summary>
/// A task as a generator draws it: objects, facts as PDDL writes them, and a plan that works, which shows that the task
/// can be solved.
/// </summary>
public sealed record SolvableTask
{
    public required ImmutableArray<TypedObjects> Objects { get; init; }

    public required ImmutableArray<string> Init { get; init; }

    /// <summary>The facts that must hold in the end.</summary>
    public required ImmutableArray<string> Goal { get; init; }

    /// <summary>The steps of a working plan, seldom a short one. They are computed when enumerated.</summary>
    public required IEnumerable<string> Witness { get; init; }

    public bool IsSolvedAlready => Init.ToHashSet(StringComparer.Ordinal).IsSupersetOf(Goal);

    /// <summary>The problem as PDDL, its objects and facts in random order.</summary>
    public string Write(string problemName, string domainName, Random order)
    {
        var init = Shuffled(Init, order);
        var goal = Shuffled(Goal, order);
        var objects = Objects.Where(list => !list.Names.IsEmpty).Select(list => Text(list, order)).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"""
            (define (problem {problemName})
              (:domain {domainName})
              (:objects {string.Join("\n    ", objects)})
              (:init
                {string.Join("\n    ", init)})
              (:goal (and
                {string.Join("\n    ", goal)})))

            """);
    }

    private static string Text(TypedObjects list, Random order)
    {
        var names = string.Join(' ', Shuffled(list.Names, order));
        return list.Type is null ? names : $"{names} - {list.Type}";
    }

    private static string[] Shuffled(ImmutableArray<string> texts, Random order)
    {
        var shuffled = texts.ToArray();
        order.Shuffle(shuffled);
        return shuffled;
    }
}
