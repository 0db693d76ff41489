using Outerloop.Configuration;
using Outerloop.Planning.Domains;
using Outerloop.Runs;

namespace Outerloop.Verification;

/// <summary>The verifier of a run's deployments, the same wherever they are done.</summary>
internal static class RunVerifier
{
    public static IVerifier Of(RunFolder folder, PlanningDomain domain, RunParts parts)
    {
        RunSettings settings = folder.Settings;
        var exact = new PlanVerifier(parts.Policies.FormatOf(folder.Base, domain));
        return new NoisyVerifier(exact, settings.Verifier, new Seed((ulong)settings.Seed).Then("verifier"));
    }
}
