using Outerloop.Cli.Tests.Pddl;
using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

public sealed class UnreadOutputTests : IDisposable
{
    /// <summary>So many that their verdicts do not fit into the buffer of a pipe.</summary>
    private const int QuickPlans = 5000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broken_pipe_ends_a_batch_before_its_slow_plans_and_without_a_word()
    {
        CliResult result = await OuterloopProcess.RunInShell("set -o pipefail; \"$@\" | head -1", Batch());

        Assert.Equal(141, result.ExitCode);
        Assert.DoesNotContain("outerloop:", result.Messages);
        Assert.Single(result.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_pipe_that_is_read_to_its_end_gets_every_line()
    {
        CliResult result = await OuterloopProcess.RunInShell("set -o pipefail; \"$@\" | wc -l", Batch());

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"{QuickPlans + 1}", result.Output.Trim());
    }

    [Fact]
    public async Task Commands_that_write_to_one_file_write_one_after_the_other()
    {
        string file = _folder.File("both");
        await OuterloopProcess.RunInShell($"(\"$@\"; \"$@\"; echo end) > {file}", "pddl", "validate", "--help");

        string[] lines = await File.ReadAllLinesAsync(file);
        Assert.Equal("end", lines[^1]);
        Assert.Equal(lines[..(lines.Length / 2)], lines[(lines.Length / 2)..^1]);
    }

    [Fact]
    public async Task A_full_device_is_a_failure_from_outside()
    {
        CliResult result = await OuterloopProcess.RunInShell("\"$@\" > /dev/full", "pddl", "validate", "--help");

        Assert.Equal(3, result.ExitCode);
        Assert.DoesNotContain("   at ", result.Messages);
    }

    private string[] Batch()
    {
        _folder.Write("domain.pddl", Texts.Domain);
        _folder.Write("problem.pddl", Texts.Problem);
        _folder.Write("good", "(a o)\n");
        _folder.Write("slow-domain.pddl", Texts.SlowDomain);
        _folder.Write("slow-problem.pddl", Texts.SlowProblem);
        _folder.Write("slow", "(a o1)\n");
        IEnumerable<string> rows = Enumerable.Repeat("domain.pddl\tproblem.pddl\tgood\n", QuickPlans).Append("slow-domain.pddl\tslow-problem.pddl\tslow\n");
        return ["pddl", "validate", "--batch", _folder.Write("batch.tsv", string.Concat(rows)), "--json", "--time-limit", "3"];
    }
}
