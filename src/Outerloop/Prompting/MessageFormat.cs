using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Prompting;

/// <summary>
/// A task as one message by a template, and an answer that is read by the rules of <see cref="PlanValidator.ReadLenient"/>,
/// its reasoning left out. Under a disguise the message has other names than the task, and the answer's are put back before
/// it is read.
/// </summary>
public sealed class MessageFormat : IPromptFormat
{
    private readonly PlanningDomain _domain;
    private readonly PromptTemplate _template;
    private readonly WorkedExample? _example;
    private readonly Seed? _disguise;

    /// <summary>The standard template, without example and disguise.</summary>
    public MessageFormat(PlanningDomain domain)
        : this(domain, PromptTemplate.Standard, new RunSettings())
    {
    }

    public MessageFormat(PlanningDomain domain, PromptTemplate template, RunSettings settings)
    {
        _domain = domain;
        _template = template;
        _example = settings.Prompt.Example ? WorkedExample.Of(domain) : null;
        _disguise = settings.Prompt.Obfuscate ? new Seed((ulong)settings.Seed).Then("disguise") : null;
    }

    /// <param name="problem">The task's.</param>
    /// <param name="order">Not used: the problem is told as written.</param>
    public string Prompt(Problem problem, Random? order = null)
    {
        if (_disguise is not { } seed)
            return _template.Fill(_domain.Pddl.Trim(), PddlPrinter.Print(problem).Trim(), _example?.Tell(text => text) ?? "");
        var names = new NameDisguise(problem, seed);
        string example = _example is null ? "" : _example.Tell(new NameDisguise(_example.Problem, seed).Hide);
        return _template.Fill(names.Hide(PddlPrinter.Print(_domain.Domain).Trim()), names.Hide(PddlPrinter.Print(problem).Trim()), example);
    }

    public Reading<Plan> ReadPlan(string answer, PlanValidator validator)
    {
        string own = _disguise is { } seed ? new NameDisguise(validator.Problem, seed).Reveal(answer) : answer;
        return validator.ReadLenient(new SourceText("answer", own)).Reading;
    }
}
