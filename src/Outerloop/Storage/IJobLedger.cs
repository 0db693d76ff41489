namespace Outerloop.Storage;

/// <summary>Where the jobs of a cluster are put down that a run waits for, so that it finds them again.</summary>
public interface IJobLedger
{
    /// <summary>An id that no other run has.</summary>
    Task<string> RunId();

    /// <summary>The job that a piece of work was given to; null if it was to none, or its end has been seen.</summary>
    Task<string?> Job(string work);

    Task SetJob(string work, string id, CancellationToken cancellation);

    /// <summary>Its end has been seen.</summary>
    Task EndJob(string work);
}
