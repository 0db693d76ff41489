using Outerloop.Model.Tokenization.Chat;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Prompting;

/// <summary>The language of in-process models that hold conversations: a <see cref="MessageFormat"/>'s message as the turn of one.</summary>
public sealed class ChatFormat(PlanningDomain domain, ChatTemplate template) : IPromptFormat
{
    private readonly MessageFormat _message = new(domain);

    public string Prompt(Problem problem, Random? order = null) =>
        template.Render([new ChatMessage(ChatRole.User, _message.Prompt(problem, order))]);

    public Reading<Plan> ReadPlan(string answer, PlanValidator validator) => _message.ReadPlan(answer, validator);
}
