using Outerloop.Planning.Validation;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>The rows of a batch that are measured one by one.</summary>
internal static class CorpusSample
{
    /// <summary>Of each of the largest problems the longest valid plan, largest first.</summary>
    public static List<BatchRow> Largest(IEnumerable<BatchRow> rows, int problems, CancellationToken cancellation) =>
    [
        .. rows.GroupBy(row => row.Problem)
            .OrderByDescending(plans => new FileInfo(plans.Key).Length)
            .Select(plans => LongestValid([.. plans.OrderByDescending(Bytes)], cancellation))
            .OfType<BatchRow>()
            .Take(problems),
    ];

    /// <summary>Size of problem and plan.</summary>
    public static long Bytes(BatchRow row) => new FileInfo(row.Problem).Length + new FileInfo(row.Plan).Length;

    private static BatchRow? LongestValid(List<BatchRow> plans, CancellationToken cancellation)
    {
        var validator = new BatchValidator(new BatchOptions { Threads = 1 }, cancellation);
        return validator.Validate(plans).ToBlockingEnumerable(cancellation).Zip(plans).FirstOrDefault(pair => pair.First.Verdict.IsValid).Second;
    }
}
