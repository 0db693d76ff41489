using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Domains;

/// <summary>What must hold of every domain in the catalog.</summary>
public sealed class PlanningDomainTests
{
    public static TheoryData<string> Names => [.. DomainCatalog.All.Select(domain => domain.Name)];

    public static TheoryData<string, Difficulty> NamesAndDifficulties
    {
        get
        {
            var data = new TheoryData<string, Difficulty>();
            foreach (var domain in DomainCatalog.All)
            {
                foreach (var difficulty in Enum.GetValues<Difficulty>())
                    data.Add(domain.Name, difficulty);
            }

            return data;
        }
    }

    [Fact]
    public void The_catalog_finds_each_domain_once_in_the_order_of_names()
    {
        string[] names = [.. DomainCatalog.All.Select(domain => domain.Name)];
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal), names);
        Assert.Empty(((string[])["blocksworld", "gripper", "rovers", "sokoban"]).Except(names));
        Assert.All(names, name => Assert.Equal(name, DomainCatalog.Find(name.ToUpperInvariant())?.Name));
    }

    [Property(MaxTest = 100)]
    public void A_small_task_is_solved_by_its_witness_and_by_no_empty_plan(int seed) =>
        Assert.All(DomainCatalog.All, domain => AssertSolvable(domain, domain.PoolSizes, seed));

    [Theory]
    [MemberData(nameof(NamesAndDifficulties))]
    public void A_task_of_any_difficulty_is_solved_by_its_witness(string name, Difficulty difficulty)
    {
        var domain = DomainCatalog.Find(name)!;

        for (var seed = 0; seed < (difficulty < Difficulty.Medium ? 50 : 2); seed++)
            AssertSolvable(domain, domain.SizesOf(difficulty), seed);
    }

    [Property(MaxTest = 100)]
    public void The_same_seed_gives_the_same_text(int seed) =>
        Assert.All(DomainCatalog.All, domain => Assert.Equal(
            domain.GenerateProblem("p", domain.LargerSizes, new Random(seed)),
            domain.GenerateProblem("p", domain.LargerSizes, new Random(seed))));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_names_of_pool_and_larger_tasks_come_from_a_fixed_vocabulary_and_all_of_it_is_used(string name)
    {
        var domain = DomainCatalog.Find(name)!;
        HashSet<string> vocabulary = [.. domain.InterchangeableNames, .. domain.MeaningfulNames];

        var used = Enumerable.Range(0, 500)
            .SelectMany(seed => Read(domain, seed % 2 == 0 ? domain.PoolSizes : domain.LargerSizes, seed).Objects)
            .Select(thing => thing.Name)
            .ToHashSet();

        Assert.Equal(vocabulary.Order(), used.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exchanging_names_of_one_set_leaves_a_task_what_it_is(string name)
    {
        var domain = DomainCatalog.Find(name)!;
        var typeOf = Enumerable.Range(0, 100)
            .SelectMany(seed => Read(domain, domain.LargerSizes, seed).Objects)
            .ToLookup(thing => thing.Name, thing => thing.Type.ToString());

        Assert.All(domain.NameSets, set => Assert.Single(set.Names.SelectMany(known => typeOf[known]).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Few_of_a_thousand_pool_tasks_are_copies(string name)
    {
        var domain = DomainCatalog.Find(name)!;
        var random = new Random(1);

        var distinct = Enumerable.Range(0, 1000)
            .Select(_ => ProblemFingerprint.Of(Read(domain, domain.GenerateProblem("p", domain.PoolSizes, random))))
            .Distinct()
            .Count();

        // Others have sizes of so few tasks that they repeat: three blocks make about thirty.
        Assert.InRange(distinct, name is "rovers" or "sokoban" or "transport" ? 980 : 700, 1000);
    }

    [Theory]
    [MemberData(nameof(NamesAndDifficulties))]
    public void Every_parameter_has_a_range_for_every_difficulty(string name, Difficulty difficulty)
    {
        var domain = DomainCatalog.Find(name)!;

        Assert.All(domain.Parameters, parameter =>
        {
            var range = parameter.Of(difficulty);
            Assert.InRange(range.Min, parameter.Smallest, range.Max);
            Assert.Equal(range, domain.SizesOf(difficulty).Ranges[parameter.Name]);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_range_below_the_smallest_task_is_refused(string name)
    {
        var domain = DomainCatalog.Find(name)!;

        Assert.All(domain.Parameters, parameter =>
        {
            var sizes = domain.PoolSizes.With(parameter.Name, parameter.Smallest - 1, parameter.Smallest);
            Assert.Throws<ImpossibleSizesException>(() => domain.GenerateProblem("p", sizes, new Random(0)));
        });
    }

    private static void AssertSolvable(PlanningDomain domain, SizeRanges sizes, int seed)
    {
        var random = new Random(seed);
        var task = domain.DrawUnsolved(sizes, random);
        var validator = new PlanValidator(Read(domain, task.Write("p", domain.Domain.Name, random)));

        var verdict = validator.ValidateText(new SourceText("plan", string.Join('\n', task.Witness)));

        Assert.True(verdict.IsValid, $"{domain.Name}, seed {seed}: {verdict.Message}");
        Assert.Equal("goal", validator.ValidateText(new SourceText("plan", "")).Reason);
    }

    private static Problem Read(PlanningDomain domain, SizeRanges sizes, int seed) =>
        Read(domain, domain.GenerateProblem("p", sizes, new Random(seed)));

    private static Problem Read(PlanningDomain domain, string text) => Samples.ReadProblem(text, domain.Domain).Required();
}
