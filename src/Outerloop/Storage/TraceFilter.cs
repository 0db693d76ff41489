using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Storage;

/// <summary>Which traces are asked for; what is null asks for nothing.</summary>
public sealed record TraceFilter
{
    public string? Domain { get; init; }

    public int? Generation { get; init; }

    public TaskSet? Set { get; init; }

    /// <summary>The task's number in its set.</summary>
    public int? Number { get; init; }

    public SampleMode? Mode { get; init; }

    public Outcome? Outcome { get; init; }

    /// <summary>Code of why a trace is not valid.</summary>
    public string? Reason { get; init; }

    /// <summary>Steps of the plan, from here.</summary>
    public int? LeastSteps { get; init; }

    /// <summary>And up to here.</summary>
    public int? MostSteps { get; init; }

    /// <summary>What the answer or the verifier's message contains, in whatever case.</summary>
    public string? Text { get; init; }
}

/// <summary>Some of the traces that a filter lets through, in the order of their ids.</summary>
/// <param name="Traces">Without token ids and log-probabilities.</param>
/// <param name="Next">After which the next page begins; null where this is the last.</param>
public sealed record TracePage(IReadOnlyList<Trace> Traces, TraceId? Next);

/// <summary>How many traces of a generation ended in one way.</summary>
public sealed record OutcomeCount
{
    public long Generation { get; init; }

    public string TaskSet { get; init; } = "";

    public string Mode { get; init; } = "";

    public string Outcome { get; init; } = "";

    /// <summary>Code of why they are not valid; null for valid ones.</summary>
    public string? Reason { get; init; }

    public long Traces { get; init; }
}

/// <summary>Failures of the machinery that were not mended.</summary>
public sealed record MachineryFailure
{
    public long Generation { get; init; }

    public string Outcome { get; init; } = "";

    /// <summary>What it said.</summary>
    public string? Message { get; init; }

    public long Traces { get; init; }
}
