using System.CommandLine;
using Outerloop.Cli.Commands.Bench.Gateway;

namespace Outerloop.Cli.Commands.Bench;

/// <summary><c>outerloop bench</c>: the project's own measurements, a file for each subject.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock) =>
        new("bench", "Measure this program on this machine.")
        {
            DashboardBenchCommand.Create(terminal, clock),
            FleetBenchCommand.Create(terminal, clock),
            GatewayBenchCommand.Create(terminal, clock),
            LoopBenchCommand.Create(terminal, clock),
            ModelBenchCommand.Create(terminal, clock),
            PddlBenchCommand.Create(terminal, clock),
            SearchBenchCommand.Create(terminal, clock),
        };
}
