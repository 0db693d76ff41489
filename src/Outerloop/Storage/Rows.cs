using Outerloop.Runs;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>How enumerations are written in the store: in camel case, the same as in the program's JSON.</summary>
internal static class Code
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static TaskSet Set(string code) => Read<TaskSet>(code);

    public static SampleMode Mode(string code) => Read<SampleMode>(code);

    public static RunPhase Phase(string code) => Read<RunPhase>(code);

    public static Outcome Outcome(string code) => Read<Outcome>(code);

    private static T Read<T>(string code)
        where T : struct, Enum =>
        Enum.TryParse(code, ignoreCase: true, out T value)
            ? value
            : throw new InputException($"the store is damaged, or not one of outerloop: '{code}' is no {typeof(T).Name}");
}

internal sealed record TaskRow
{
    public string TaskSet { get; init; } = "";

    public long Number { get; init; }

    public string Problem { get; init; } = "";
}

/// <summary>A row of <c>task</c>.</summary>
internal sealed record NewTaskRow(string Domain, string TaskSet, int Number, string Problem, string Fingerprint)
{
    public static NewTaskRow Of(TaskId id, string problem, string fingerprint) => new(id.Domain, Code.Of(id.Set), id.Number, problem, fingerprint);
}

internal sealed record CuratedRow
{
    public long Generation { get; init; }

    public string TaskSet { get; init; } = "";

    public string Mode { get; init; } = "";

    public long Number { get; init; }

    public long Source { get; init; }

    public long Sample { get; init; }

    public TraceId IdIn(string domain) => new((int)Source, new TaskId(domain, Code.Set(TaskSet), (int)Number), Code.Mode(Mode), (int)Sample);
}

internal sealed record GenerationRow
{
    public long Number { get; init; }

    public string Weights { get; init; } = "";

    public string BaseWeights { get; init; } = "";

    public long Examples { get; init; }

    public long Steps { get; init; }

    public long TokensTrained { get; init; }

    public double FinalLoss { get; init; }

    public double? ValidationLoss { get; init; }

    public GenerationRecord ToRecord() =>
        new((int)Number, Weights, BaseWeights, (int)Examples, (int)Steps, TokensTrained, FinalLoss, ValidationLoss);
}

/// <summary>A row of <c>work</c>.</summary>
internal sealed record WorkRow : TraceKeyRow
{
    public WorkRow()
    {
    }

    private WorkRow(TraceId id)
        : base(id)
    {
    }

    public string Phase { get; init; } = "";

    public static WorkRow Of(TraceId id, string phase) => new(id) { Phase = phase };
}
