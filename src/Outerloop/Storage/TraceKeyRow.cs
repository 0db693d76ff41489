using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>The key of a trace, made or owed, in the columns of a row.</summary>
internal record TraceKeyRow
{
    /// <summary>For a row that is read, column by column.</summary>
    public TraceKeyRow()
    {
    }

    public TraceKeyRow(TraceId id)
    {
        Domain = id.Task.Domain;
        Generation = id.Generation;
        TaskSet = Code.Of(id.Task.Set);
        Number = id.Task.Number;
        Mode = Code.Of(id.Mode);
        Sample = id.Sample;
    }

    public string Domain { get; init; } = "";

    public long Generation { get; init; }

    public string TaskSet { get; init; } = "";

    public long Number { get; init; }

    public string Mode { get; init; } = "";

    public long Sample { get; init; }

    public TraceId Id => new((int)Generation, new TaskId(Domain, Code.Set(TaskSet), (int)Number), Code.Mode(Mode), (int)Sample);
}
