using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Display;
using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Slurm;
using Outerloop.Tasks;
using Outerloop.Training;
using Spectre.Console;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop evaluate</c>: more samples of a run's generations, for pass@k.</summary>
internal sealed class EvaluateCommand
{
    private static readonly (string Name, TaskSet Set)[] Sets = [("held-out", TaskSet.HeldOut), ("pool", TaskSet.Pool), ("larger", TaskSet.Larger)];

    private readonly Argument<string> _run = new("RUN") { Description = "the run's folder" };
    private readonly Option<int[]> _generations = new("--generation") { Description = "which generation, several times for several [the first and the last]", HelpName = "N" };
    private readonly Option<int> _samples = new("--samples") { Description = "samples per task in all, the run's own included", HelpName = "K", DefaultValueFactory = _ => 64 };
    private readonly Option<string> _set = new("--set") { Description = "held-out, pool or larger", HelpName = "SET", DefaultValueFactory = _ => Sets[0].Name };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads [all processors]; the result does not depend on it", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly ServerOptionSet _servers = new();
    private readonly FleetOptionSet _fleet = new();
    private readonly Option<bool> _json = new("--json") { Description = "print the curves as JSON" };
    private readonly Terminal _terminal;
    private readonly TimeProvider _clock;

    private EvaluateCommand(Terminal terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var evaluate = new EvaluateCommand(terminal, clock);
        var command = new Command(
            "evaluate",
            """
            Sample generations of a run more often, for pass@k curves. The samples are kept beside the run's own and change
            none of its figures; what is there already is not sampled again.

            Examples:
              outerloop evaluate runs/long
              outerloop evaluate runs/long --generation 0 --generation 5 --samples 64 --set larger --json
            """)
        {
            evaluate._run, evaluate._generations, evaluate._samples, evaluate._set, evaluate._threads, evaluate._json,
        };
        evaluate._servers.AddTo(command);
        evaluate._fleet.AddWorkersTo(command);
        command.SetAction(evaluate.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new MeasurementRequest(
            parsed.GetValue(_generations) ?? [], parsed.Within(_samples, 1, 4096), SetOf(parsed.GetValue(_set)!));
        int threads = parsed.Within(_threads, 1, 1024);
        _fleet.Check(parsed);
        using RunFolder folder = RunFolder.Resume(parsed.GetValue(_run)!);
        IReadOnlyList<MeasuredCurve> curves = await ProgressDisplay.Run(
            _terminal.Messages, _clock, display => RunMeasurement.Execute(folder, Parts(folder, parsed, threads, display), request, cancellation));
        if (parsed.GetValue(_json))
            Json.Write(new { run = folder.Path, curves }, _terminal.Output);
        else
            Write(curves, _terminal.OutputConsole());
        return ExitCode.Done;
    }

    private RunParts Parts(RunFolder folder, ParseResult parsed, int threads, IProgressDisplay display)
    {
        var around = new ServerSurroundings(_clock, new SaidNotices(display));
        IPolicyFactory policies = PolicyCatalog.Create(folder, threads, () => _servers.Servers(parsed), around);
        return new RunParts(policies, TrainerCatalog.Create(folder.Settings, policies, threads), new RunScreen(display), _clock)
        {
            Budget = _servers.Budget(parsed),
            Workforce = _fleet.Workforce(parsed, folder, threads, _servers.Repeat(parsed), new SlurmSurroundings(new SlurmCluster(), _clock, around.Notices)),
        };
    }

    private static TaskSet SetOf(string name) =>
        Sets.Any(set => set.Name == name)
            ? Sets.First(set => set.Name == name).Set
            : throw new InputException($"--set: {Choice.Unknown("set", name, Sets.Select(set => set.Name))}");

    private static void Write(IReadOnlyList<MeasuredCurve> curves, IAnsiConsole console)
    {
        console.Write(TableOf(curves));
        console.Write(PlanLengthTable.Of(
            "valid samples with so many steps and more",
            ["domain", "set", "generation"],
            curves.Select(curve => ((string[])[curve.Domain, NameOf(curve.Set), Text($"{curve.Generation}")], (IReadOnlyList<Evaluation.PlanLengths>)[curve.PlanLength]))));
    }

    private static string NameOf(TaskSet set) => Sets.First(named => named.Set == set).Name;

    private static Table TableOf(IReadOnlyList<MeasuredCurve> curves)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string title in (string[])["domain", "set", "generation", "k", "tasks", "pass@k", "95 %"])
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (MeasuredCurve curve in curves)
        {
            foreach (Evaluation.PassPoint point in curve.Curve)
            {
                table.AddRow(
                    curve.Domain, NameOf(curve.Set), Text($"{curve.Generation}"), Text($"{point.K}"), Text($"{point.Tasks}"),
                    Text($"{point.Pass.Value:P1}"), Text($"{100 * point.Pass.Low:0.0}-{100 * point.Pass.High:0.0}"));
            }
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
