using System.Runtime.InteropServices;
using System.Text;
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

internal sealed record CuratedRow
{
    public long Generation { get; init; }

    public long Number { get; init; }

    public long Source { get; init; }

    public long Sample { get; init; }
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
internal sealed record WorkRow
{
    public string Domain { get; init; } = "";

    public long Generation { get; init; }

    public string TaskSet { get; init; } = "";

    public long Number { get; init; }

    public string Mode { get; init; } = "";

    public long Sample { get; init; }

    public string Phase { get; init; } = "";

    public TraceId Id => new((int)Generation, new TaskId(Domain, Code.Set(TaskSet), (int)Number), Code.Mode(Mode), (int)Sample);

    public static WorkRow Of(TraceId id, string phase) => new()
    {
        Domain = id.Task.Domain,
        Generation = id.Generation,
        TaskSet = Code.Of(id.Task.Set),
        Number = id.Task.Number,
        Mode = Code.Of(id.Mode),
        Sample = id.Sample,
        Phase = phase,
    };
}

/// <summary>A row of <c>trace</c>. Arrays are little-endian bytes: 32-bit token ids, 32-bit floats.</summary>
internal sealed record TraceRow
{
    public string Domain { get; init; } = "";

    public long Generation { get; init; }

    public string TaskSet { get; init; } = "";

    public long Number { get; init; }

    public string Mode { get; init; } = "";

    public long Sample { get; init; }

    public string Weights { get; init; } = "";

    public string Outcome { get; init; } = "";

    public long Accepted { get; init; }

    public double GoalShare { get; init; }

    public long PlanSteps { get; init; }

    public long? FailingStep { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public long PromptTokens { get; init; }

    public long AnswerTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public string Answer { get; init; } = "";

    public byte[] Tokens { get; init; } = [];

    public byte[] LogProbs { get; init; } = [];

    public byte[] SamplingLogProbs { get; init; } = [];

    public TraceId Id => new((int)Generation, new TaskId(Domain, Code.Set(TaskSet), (int)Number), Code.Mode(Mode), (int)Sample);

    public static TraceRow Of(Trace trace) => new()
    {
        Domain = trace.Id.Task.Domain,
        Generation = trace.Id.Generation,
        TaskSet = Code.Of(trace.Id.Task.Set),
        Number = trace.Id.Task.Number,
        Mode = Code.Of(trace.Id.Mode),
        Sample = trace.Id.Sample,
        Weights = trace.BehaviourWeights,
        Outcome = Code.Of(trace.Outcome),
        Accepted = trace.Accepted ? 1 : 0,
        GoalShare = trace.GoalShare,
        PlanSteps = trace.PlanSteps,
        FailingStep = trace.FailingStep,
        Reason = trace.Reason,
        Message = Storable(trace.Message),
        PromptTokens = trace.PromptTokens,
        AnswerTokens = trace.AnswerTokens,
        ReasoningTokens = trace.ReasoningTokens,
        Answer = Storable(trace.Text)!,
        Tokens = Bytes(trace.Tokens),
        LogProbs = Bytes(trace.LogProbs),
        SamplingLogProbs = Bytes(trace.SamplingLogProbs),
    };

    public Trace ToTrace() => new()
    {
        Id = Id,
        BehaviourWeights = Weights,
        Outcome = Code.Outcome(Outcome),
        Accepted = Accepted != 0,
        GoalShare = GoalShare,
        PlanSteps = (int)PlanSteps,
        FailingStep = (int?)FailingStep,
        Reason = Reason,
        Message = Message,
        PromptTokens = (int)PromptTokens,
        AnswerTokens = (int)AnswerTokens,
        ReasoningTokens = (int)ReasoningTokens,
        Text = Answer,
        Tokens = MemoryMarshal.Cast<byte, int>(Tokens).ToArray(),
        LogProbs = MemoryMarshal.Cast<byte, float>(LogProbs).ToArray(),
        SamplingLogProbs = MemoryMarshal.Cast<byte, float>(SamplingLogProbs).ToArray(),
    };

    /// <summary>Text without what a database cannot hold: U+0000, and halves of characters.</summary>
    private static string? Storable(string? text)
    {
        if (text is null || (!text.Contains('\0', StringComparison.Ordinal) && !text.Any(char.IsSurrogate)))
            return text;
        // The encoder puts U+FFFD in the place of a half.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }

    private static byte[] Bytes<T>(IReadOnlyList<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes([.. values]).ToArray();
}
