using Outerloop.Planning.Pddl;

namespace Outerloop.Policies;

/// <summary>Puts the weights in a generation's folder to work.</summary>
public interface IPolicyFactory
{
    /// <exception cref="InputException">The folder's model is damaged or cannot speak of the domain.</exception>
    IPolicy Open(string folder, Domain domain);
}
