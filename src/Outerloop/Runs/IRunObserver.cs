namespace Outerloop.Runs;

/// <summary>Is told how a run goes on.</summary>
public interface IRunObserver : IProgress<PhaseProgress>
{
    /// <summary>A generation is deployed and evaluated.</summary>
    void Finished(string domain, GenerationSummary generation);
}
