using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Policies;

/// <summary>Puts the weights in a generation's folder to work.</summary>
public interface IPolicyFactory
{
    /// <exception cref="InputException">The folder's model is damaged or cannot speak of the domain.</exception>
    IPolicy Open(string folder, PlanningDomain domain);

    /// <summary>How the model in a folder is asked, and its answers are read.</summary>
    /// <exception cref="InputException">The folder's model is damaged.</exception>
    IPromptFormat FormatOf(string folder, PlanningDomain domain);
}
