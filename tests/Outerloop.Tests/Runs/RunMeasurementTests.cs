using System.Text.Json;
using Outerloop.Runs;
using Outerloop.Tasks;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Runs;

public sealed class RunMeasurementTests : IDisposable
{
    private static readonly MeasurementRequest Request = new([0, 3], 16, TaskSet.HeldOut);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Samples_are_added_until_there_are_as_many_as_asked_for()
    {
        await ScriptedRun.Execute(Path);
        var policies = new ScriptedPolicies();
        IReadOnlyList<MeasuredCurve> curves = await Measure(policies, Request);

        Assert.Equal(2 * 10 * 13, policies.Asked.Count);
        Assert.All(policies.Asked, request => Assert.Equal(SampleMode.Extra, request.Id.Mode));
        Assert.Equal([0, 3], curves.Select(curve => curve.Generation));
        Assert.All(curves, curve => Assert.Equal([1, 2, 4, 8, 16], curve.Curve.Select(point => point.K)));
        Assert.True(curves[1].Curve[0].Pass.Value > curves[0].Curve[0].Pass.Value);
    }

    [Theory]
    [InlineData(TaskSet.HeldOut)]
    [InlineData(TaskSet.Pool)]
    [InlineData(TaskSet.Larger)]
    public async Task No_figure_of_the_run_changes(TaskSet set)
    {
        string before = JsonSerializer.Serialize(await ScriptedRun.Execute(Path));
        await Measure(new ScriptedPolicies(), Request with { Set = set });
        Assert.Equal(before, JsonSerializer.Serialize(await RunExecution.Summarize(Path, default)));
    }

    [Fact]
    public async Task An_interrupted_measurement_goes_on_where_it_was()
    {
        await ScriptedRun.Execute(Path);
        int left = 50;
        var policies = new ScriptedPolicies { Fails = _ => --left == 0 ? throw new OperationCanceledException() : false };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Measure(policies, Request));
        var rest = new ScriptedPolicies();
        await Measure(rest, Request);

        List<TraceId> asked = [.. policies.Asked.Concat(rest.Asked).Select(request => request.Id)];
        Assert.Equal(2 * 10 * 13, asked.Count);
        Assert.Equal(asked.Count, asked.Distinct().Count());
        var nothing = new ScriptedPolicies();
        await Measure(nothing, Request);
        Assert.Empty(nothing.Asked);
    }

    [Fact]
    public async Task Without_a_generation_the_first_and_the_last_are_measured()
    {
        await ScriptedRun.Execute(Path);
        Assert.Equal([0, 3], (await Measure(new ScriptedPolicies(), Request with { Generations = [] })).Select(curve => curve.Generation));
    }

    [Fact]
    public async Task A_generation_that_is_not_there_is_refused()
    {
        await ScriptedRun.Execute(Path);
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => Measure(new ScriptedPolicies(), Request with { Generations = [7] }));
        Assert.Contains("generations 0 to 3, not 7", refusal.Message);
    }

    private async Task<IReadOnlyList<MeasuredCurve>> Measure(ScriptedPolicies policies, MeasurementRequest request)
    {
        using RunFolder folder = RunFolder.Resume(Path);
        return await RunMeasurement.Execute(folder, ScriptedRun.Parts(policies), request, default);
    }
}
