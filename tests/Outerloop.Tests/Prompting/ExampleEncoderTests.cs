using FsCheck.Xunit;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Prompting;

public sealed class ExampleEncoderTests
{
    [Property(MaxTest = 50)]
    public void An_example_of_any_domain_told_in_other_words_is_still_solved(int seed) =>
        Assert.All(DomainCatalog.All, domain => AssertStillSolved(domain, seed));

    private static void AssertStillSolved(PlanningDomain domain, int seed)
    {
        var random = new Random(seed);
        SolvableTask task = domain.DrawUnsolved(domain.PoolSizes, random);
        Problem problem = Read(task.Write("p", domain.Domain.Name, random), domain);
        Plan plan = PlanReader.Read(new SourceText("plan", string.Join('\n', task.Witness))).Required();
        var tokenizer = new WordTokenizer([.. WordFormat.Vocabulary(domain)], WordFormat.Marks);

        TrainingSequence told = new ExampleEncoder(domain, tokenizer).Encode(problem, WordFormat.Print(plan), finished: true, random);

        string prompt = tokenizer.Decode(told.Tokens.AsSpan()[..told.PromptLength]);
        string answer = tokenizer.Decode(told.Tokens.AsSpan()[told.PromptLength..^1]);
        Verdict verdict = new PlanValidator(Retell(prompt, problem, domain)).Validate(new WordFormat(domain).ReadPlan(answer).Required());
        Assert.True(verdict.IsValid, $"{domain.Name}: {verdict.Message}");
    }

    /// <summary>Reads a prompt back into a problem; an object has the type that names of its set have in the original.</summary>
    private static Problem Retell(string prompt, Problem original, PlanningDomain domain)
    {
        Dictionary<string, string> typeOf = original.Objects.Where(thing => !thing.IsConstant)
            .SelectMany(thing => SetOf(thing.Name, domain).Select(name => (name, type: thing.Type.ToString())))
            .Distinct()
            .ToDictionary(pair => pair.name, pair => pair.type);
        string[] parts = prompt.Split([WordFormat.Init, WordFormat.Goal, WordFormat.Plan], StringSplitOptions.None);
        HashSet<string> named = [.. prompt.Split(' ').Where(typeOf.ContainsKey), .. original.Objects.Select(thing => thing.Name).Where(domain.MeaningfulNames.Contains)];
        IEnumerable<string> objects = named.Where(typeOf.ContainsKey).Select(name => $"{name} - {typeOf[name]}");
        string facts = WordFacts.Read(parts[1], domain) + Implied(original, domain);
        return Read($"(define (problem p) (:domain {domain.Domain.Name}) (:objects {string.Join(' ', objects)}) (:init {facts}) (:goal (and {WordFacts.Read(parts[2], domain)})))", domain);
    }

    /// <summary>What a prompt need not say, since the names say it, and they are the same in every telling.</summary>
    private static string Implied(Problem original, PlanningDomain domain) =>
        string.Concat(original.Init.Where(fact => domain.ImpliedPredicates.Contains(fact.Predicate.Name)).Select(fact => fact.ToString()));

    private static IEnumerable<string> SetOf(string name, PlanningDomain domain) =>
        domain.NameSets.Where(set => set.Names.Contains(name)).SelectMany(set => set.Names).DefaultIfEmpty(name);

    private static Problem Read(string text, PlanningDomain domain) => PddlReader.ReadProblem(new SourceText("p.pddl", text), domain.Domain).Required();
}
