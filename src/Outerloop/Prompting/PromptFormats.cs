using Outerloop.Configuration;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.Chat;
using Outerloop.Planning.Domains;

namespace Outerloop.Prompting;

/// <summary>How a model wants to be asked.</summary>
public static class PromptFormats
{
    /// <summary>As a conversation, if the model's tokenizer has the turns of one; else in the words of the small models.</summary>
    public static IPromptFormat Of(ITokenizer tokenizer, PlanningDomain domain) =>
        ChatTemplate.Of(tokenizer, out _) is { } template ? new ChatFormat(domain, template) : new WordFormat(domain);

    /// <summary>How a model on a server is asked by a template.</summary>
    public static IPromptFormat Of(PromptTemplate template, PlanningDomain domain, RunSettings settings) =>
        template.IsInWords ? new WordFormat(domain) : new MessageFormat(domain, template, settings);
}
