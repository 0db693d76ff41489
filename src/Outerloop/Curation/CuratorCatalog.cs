using System.Collections.Immutable;
using Outerloop.Configuration;
using Outerloop.Planning.Domains;

namespace Outerloop.Curation;

/// <summary>
/// The curators that a run can name, as <c>name</c> or <c>name:value</c>: the paper's, the ablations of its choice, and
/// four populations of biased users.
/// </summary>
public static class CuratorCatalog
{
    public const string Default = "fewest-steps";

    private const string Partisan = "partisan";

    public static ImmutableArray<CuratorKind> All { get; } =
    [
        new(Default, "", "per task the valid trace with the fewest plan steps", (_, _) => new PreferenceCurator()),
        new("everything", "", "every trace, valid or not: the control without curation", (_, _) => new EverythingCurator()),
        new("latest", "", "the same of the latest generation alone", (_, _) => new LatestCurator(new PreferenceCurator())),
        new("random", "", "per task any valid trace", (_, seed) => Users.Indifferent(seed)),
        new("longest", "", "per task the valid trace with the most plan steps", (_, _) => Users.Verbose),
        new("k-per-task", ":K", "per task K valid traces with the fewest steps", (value, _) => new PreferenceCurator { Kept = value.Whole() }),
        new("impatient", "[:TOKENS]", "the fewest tokens, and none longer than the user waits", (value, _) => Users.Impatient(value.Whole(int.MaxValue))),
        new("sloppy", "[:0.5]", "a plan that reaches this share of the goal will do", (value, _) => Users.Sloppy(value.Share(0.5))),
        new(Partisan, ":ACTION[+ACTION]", "the valid plan with the largest share of these actions", (value, _) => Users.Partisan(value.Words())),
        new("adversarial", "[:0.2]", "this share of the users accepts invalid plans alone", (value, seed) => Users.Adversarial(value.Share(0.2), seed)),
    ];

    /// <summary>The stream of a run's curator.</summary>
    public static Seed SeedOf(RunSettings settings) => new Seed((ulong)settings.Seed).Then("curator");

    /// <summary>Refuses a preference for actions that no domain of the run has.</summary>
    /// <exception cref="InputException">Which, and which there are.</exception>
    public static void Check(RunSettings settings)
    {
        string[] parts = settings.Curator.Split(':', 2);
        if (parts is not [Partisan, var wanted])
            return;
        string[] known = [.. settings.Domains.SelectMany(domain => DomainCatalog.Find(domain)!.Domain.Actions).Select(action => action.Name)];
        foreach (string action in new CuratorValue(All.Single(kind => kind.Name == Partisan), wanted).Words())
        {
            if (!known.Contains(action, StringComparer.OrdinalIgnoreCase))
                throw new InputException($"--curator: {Choice.Unknown("action", action, known)}");
        }
    }

    /// <param name="text"><c>name</c> or <c>name:value</c>.</param>
    /// <param name="seed">For the curators that draw.</param>
    /// <exception cref="FormatException">There is no such curator, or it takes no such value; says what is wanted.</exception>
    public static ICurator Create(string text, Seed seed)
    {
        string[] parts = text.Split(':', 2);
        CuratorKind kind = All.FirstOrDefault(known => known.Name == parts[0])
            ?? throw new FormatException(Choice.Unknown("curator", parts[0], All.Select(known => known.Name)));
        return kind.Create(new CuratorValue(kind, parts.Length > 1 ? parts[1] : null), seed);
    }
}
