namespace Outerloop.Planning.Tests;

/// <summary>Checks a law on the tasks of the seeds 0, 1, …: all different, unlike the small numbers that FsCheck draws.</summary>
internal static class Seeds
{
    public static void Each(int count, Action<int> check)
    {
        for (var seed = 0; seed < count; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception failure)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
