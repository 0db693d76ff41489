using System.Collections.Immutable;
using Outerloop.Planning.Domains;

namespace Outerloop.Pretraining;

/// <summary>How often an amateur goes wrong.</summary>
/// <param name="Systematic">Probability that a demonstration follows one of the wrong methods from start to end.</param>
/// <param name="Slip">Probability that a step is spoilt.</param>
/// <param name="CleanShare">Share of the demonstrations of tasks that the recipe wants solved that are the teacher's.</param>
public sealed record AmateurHabits(double Systematic, double Slip, double CleanShare = 0.15);

/// <summary>One stretch of the pre-training of a base.</summary>
/// <param name="Name">For the progress display.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="MostSteps">Tasks whose teacher takes more steps are drawn again.</param>
/// <param name="Sizes">By domain and size, what is not as in the pool.</param>
/// <param name="Habits">How the demonstrator goes wrong; absent for the teacher.</param>
public sealed record PretrainingStage(
    string Name,
    int Steps,
    int MostSteps = int.MaxValue,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, SizeRange>>? Sizes = null,
    AmateurHabits? Habits = null)
{
    internal static ImmutableArray<PretrainingStage> Bundled =>
    [
        new("tiny", 4000, 10, Tiny),
        new("amateurs", 26_000, Habits: new AmateurHabits(0.25, 0.02)),
        new("amateurs with bad habits", 4000, Habits: new AmateurHabits(0.85, 0.1)),
    ];

    private static ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, SizeRange>> Tiny { get; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, SizeRange>>.Empty
            .Add("blocksworld", Of(("blocks", 2, 4)))
            .Add("rovers", Of(("waypoints", 2, 6), ("rovers", 1, 2), ("cameras", 1, 1), ("objectives", 1, 2), ("goals", 1, 2)))
            .Add("sokoban", Of(("grid", 3, 6), ("boxes", 1, 1)));

    /// <summary>No size but the pool's.</summary>
    internal static ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, SizeRange>> AsPool { get; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, SizeRange>>.Empty;

    internal SizeRanges SizesOf(PlanningDomain domain)
    {
        SizeRanges sizes = domain.PoolSizes;
        return Sizes?.GetValueOrDefault(domain.Name) is { } named
            ? named.Aggregate(sizes, (all, size) => all.With(size.Key, size.Value))
            : sizes;
    }

    private static ImmutableSortedDictionary<string, SizeRange> Of(params ReadOnlySpan<(string Name, int Min, int Max)> sizes)
    {
        var named = ImmutableSortedDictionary.CreateBuilder<string, SizeRange>();
        foreach ((string name, int min, int max) in sizes)
            named.Add(name, new SizeRange(min, max));
        return named.ToImmutable();
    }
}
