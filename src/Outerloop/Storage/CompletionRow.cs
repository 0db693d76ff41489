using Outerloop.Live;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>A row of <c>completion</c>. The answer itself is in its trace, where there is one.</summary>
internal sealed record CompletionRow
{
    public string Id { get; init; } = "";

    public int Choice { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double Time { get; init; }

    public string Model { get; init; } = "";

    public string Weights { get; init; } = "";

    public double Temperature { get; init; }

    public string Finish { get; init; } = "";

    public byte[] Prompt { get; init; } = [];

    public string? Question { get; init; }

    public string? KeyName { get; init; }

    public string? Answer { get; init; }

    public byte[]? Tokens { get; init; }

    public byte[]? LogProbs { get; init; }

    public byte[]? SamplingLogProbs { get; init; }

    public string? Domain { get; init; }

    public long? Generation { get; init; }

    public string? TaskSet { get; init; }

    public long? Number { get; init; }

    public string? Mode { get; init; }

    public long? Sample { get; init; }

    public static CompletionRow Of(LiveAnswer answer, TraceId? trace)
    {
        var row = new CompletionRow
        {
            Id = answer.Id.Completion,
            Choice = answer.Id.Choice,
            Time = answer.Time.ToUnixTimeMilliseconds() / 1000.0,
            Model = TraceRow.Storable(answer.Model)!,
            Weights = TraceRow.Storable(answer.Weights)!,
            Temperature = answer.Temperature,
            Finish = answer.Finish,
            Prompt = TraceRow.Bytes(answer.Prompt),
            Question = TraceRow.Storable(answer.Question),
            KeyName = answer.Key,
        };
        return trace is { } id
            ? row with
            {
                Domain = id.Task.Domain,
                Generation = id.Generation,
                TaskSet = Code.Of(id.Task.Set),
                Number = id.Task.Number,
                Mode = Code.Of(id.Mode),
                Sample = id.Sample,
            }
            : row with
            {
                Answer = TraceRow.Storable(answer.Text),
                Tokens = TraceRow.Bytes(answer.Tokens),
                LogProbs = TraceRow.Bytes(answer.LogProbs),
                SamplingLogProbs = TraceRow.Bytes(answer.SamplingLogProbs),
            };
    }
}
