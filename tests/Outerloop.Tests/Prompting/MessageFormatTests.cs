using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;

namespace Outerloop.Tests.Prompting;

public sealed class MessageFormatTests
{
    private static readonly RunSettings Disguised = new() { Prompt = new PromptSettings(Obfuscate: true, Example: true), Seed = 3 };

    public static TheoryData<string> Domains => [.. DomainCatalog.All.Select(domain => domain.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void A_disguised_task_is_the_same_task_under_names_that_say_nothing(string name)
    {
        PlanningDomain domain = DomainCatalog.Find(name)!;
        (Problem problem, string plan) = Draw(domain, 5);
        var names = new NameDisguise(problem, new Seed(3));
        Domain hiddenDomain = PddlReader.ReadDomain(new SourceText("d", names.Hide(PddlPrinter.Print(domain.Domain)))).Required();
        Problem hidden = PddlReader.ReadProblem(new SourceText("p", names.Hide(PddlPrinter.Print(problem))), hiddenDomain).Required();

        Assert.True(new PlanValidator(hidden).ValidateText(new SourceText("plan", names.Hide(plan))).IsValid);
        Assert.Equal(plan, names.Reveal(names.Hide(plan)), ignoreCase: true);
        string told = PddlPrinter.Print(hiddenDomain) + PddlPrinter.Print(hidden);
        IEnumerable<string> own = domain.Domain.Actions.Select(action => action.Name).Concat(domain.Domain.Predicates.Select(predicate => predicate.Name))
            .Concat(problem.Objects.Select(thing => thing.Name)).Append(domain.Name);
        Assert.DoesNotContain(own, word => told.Split([' ', '(', ')', '\n', '?']).Contains(word));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void An_answer_in_the_disguised_names_is_read_in_the_own_ones(string name)
    {
        PlanningDomain domain = DomainCatalog.Find(name)!;
        (Problem problem, string plan) = Draw(domain, 8);
        var format = new MessageFormat(domain, PromptTemplate.Standard, Disguised);
        string answer = $"<think>\nHm.\n</think>\nA plan:\n```\n{new NameDisguise(problem, new Seed(3).Then("disguise")).Hide(plan)}\n```\n";
        var validator = new PlanValidator(problem);
        Assert.True(validator.Judge(format.ReadPlan(answer, validator)).IsValid);
        Assert.False(validator.Judge(new MessageFormat(domain).ReadPlan(answer, validator)).IsValid);
    }

    [Fact]
    public void A_name_is_disguised_the_same_way_in_every_task_and_another_way_under_another_seed()
    {
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        string Hidden(int task, ulong seed) => new NameDisguise(Draw(domain, task).Problem, new Seed(seed)).Hide("(unstack ?x)");
        Assert.Equal(Hidden(1, 1), Hidden(2, 1));
        Assert.NotEqual(Hidden(1, 1), Hidden(1, 2));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void The_worked_example_works_and_is_told_in_the_names_of_the_question(string name)
    {
        PlanningDomain domain = DomainCatalog.Find(name)!;
        WorkedExample example = WorkedExample.Of(domain);
        Assert.True(new PlanValidator(example.Problem).ValidateText(new SourceText("plan", example.Plan)).IsValid);
        Assert.Contains(example.Plan, example.Tell(text => text));
        string prompt = new MessageFormat(domain, PromptTemplate.Standard, Disguised).Prompt(Draw(domain, 2).Problem);
        Assert.DoesNotContain(example.Plan.Split('\n')[0], prompt);
        Assert.Contains(new NameDisguise(example.Problem, new Seed(3).Then("disguise")).Hide(example.Plan), prompt);
    }

    [Theory]
    [InlineData("Solve {problem} in {domain} like {example}", null)]
    [InlineData("Solve {problem}; JSON such as { \"a\": 1 } is left as it is", null)]
    [InlineData("Solve it", "holds {problem}")]
    [InlineData("Solve {problem} with {tools}", "'{tools}' stands for nothing")]
    public void A_template_tells_a_problem_and_knows_what_its_names_stand_for(string text, string? refusal)
    {
        if (refusal is null)
            Assert.Contains("PROBLEM", PromptTemplate.Parse("t.txt", text).Fill("DOMAIN", "PROBLEM", "EXAMPLE"));
        else
            Assert.Contains(refusal, Assert.Throws<InputException>(() => PromptTemplate.Parse("t.txt", text)).Message);
    }

    [Fact]
    public void What_a_problem_says_is_not_taken_for_a_name_in_braces() =>
        Assert.Equal("a {domain} b", PromptTemplate.Parse("t", "a {problem} b").Fill("no", "{domain}", ""));

    private static (Problem Problem, string Plan) Draw(PlanningDomain domain, int seed)
    {
        var random = new Random(seed);
        SolvableTask task = domain.DrawUnsolved(domain.PoolSizes, random);
        Problem problem = PddlReader.ReadProblem(new SourceText("p", task.Write("p-1", domain.Domain.Name, random)), domain.Domain).Required();
        return (problem, string.Join('\n', task.Witness));
    }
}
