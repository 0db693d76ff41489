using Outerloop.Cli.Tests.Support;

namespace Outerloop.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tasks_of_a_difficulty_are_written_and_a_size_goes_before_it()
    {
        CliResult result = await Generate("rovers", "--difficulty", "easy", "--size", "waypoints=11", "--count", "2");

        Assert.Equal(0, result.ExitCode);
        string problem = await File.ReadAllTextAsync(_folder.File("tasks/p0002.pddl"));
        Assert.Equal(11, problem.Split('\n').Single(line => line.Contains("- waypoint", StringComparison.Ordinal)).Trim().Split(' ').Length - 2);
    }

    [Theory]
    [InlineData("--difficulty: unknown difficulty 'hrad' (known: pool, larger, easy, medium, hard)", "--difficulty", "hrad")]
    [InlineData("--size: grid must be at least 3, not 2", "--size", "grid=2-5")]
    [InlineData("--size: unknown size 'blocks'", "--size", "blocks=3")]
    [InlineData("boxes find no room on a grid of", "--size", "boxes=40")]
    public async Task Sizes_that_no_task_has_are_refused(string message, string option, string value)
    {
        CliResult result = await Generate("sokoban", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Messages, StringComparison.Ordinal);
        Assert.Single(result.Messages.Trim().Split('\n'));
    }

    private Task<CliResult> Generate(params string[] arguments) =>
        OuterloopProcess.Run(["pddl", "generate", .. arguments, "--out", _folder.File("tasks")]);
}
