using Outerloop.Storage;

namespace Outerloop.Deployment.Workers;

/// <summary>The workers that a run relies on for its deployments.</summary>
public interface IWorkforce
{
    /// <summary>Sees to it that workers are there; called again and again while answers are owed.</summary>
    /// <param name="store">Of the run.</param>
    /// <param name="part">What is owed.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OutsideException">They have ended before their time, too often to try again.</exception>
    Task Maintain(RunStore store, OwedPart part, CancellationToken cancellation);

    /// <summary>Lets go of those that it has started: nothing is owed until the next generation is made.</summary>
    Task Dismiss();
}
