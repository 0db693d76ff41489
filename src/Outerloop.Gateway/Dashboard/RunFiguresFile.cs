using Outerloop.Reporting;

namespace Outerloop.Gateway.Dashboard;

/// <summary>The figures of runs in files of their folders.</summary>
internal sealed class RunFiguresFile : IKeptFile<RunFigures>
{
    public KeptFigures<RunFigures>? Read(ShownRun run) =>
        ReportDataFile.Read(run.Path) is { } known ? new KeptFigures<RunFigures>(RunFigures.Of(known.Data), known.At, known.Took, known.Stamp) : null;

    public void Write(ShownRun run, KeptFigures<RunFigures> kept) =>
        ReportDataFile.Write(run.Path, new KnownReport(kept.Value.Data, kept.At, kept.Took, kept.Stamp));
}
