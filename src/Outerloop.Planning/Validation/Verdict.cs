namespace Outerloop.Planning.Validation;

public enum VerdictKind
{
    /// <summary>Every step can be taken and the goal holds at the end.</summary>
    Valid,

    /// <summary>A step cannot be taken, or the goal does not hold at the end.</summary>
    Invalid,

    /// <summary>The text cannot be read as a sequence of steps.</summary>
    Malformed,

    /// <summary>The domain or problem uses a part of the language that is not implemented, so nothing is said of the plan.</summary>
    Unsupported,

    /// <summary>The domain or the problem is wrong, so nothing is said of the plan.</summary>
    Error,
}

/// <summary>What is to be said of a plan.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Step">The 1-based step that fails, where one does.</param>
/// <param name="Reason">A stable code, see <see cref="Reasons"/>; for malformed plans the code of the diagnostic.</param>
/// <param name="Message">One sentence; of a failed condition it names the smallest unmet part.</param>
/// <param name="Cost">For valid plans the value of the metric, or the number of steps where there is none.</param>
public sealed record Verdict(VerdictKind Kind, int? Step, string? Reason, string Message, double? Cost)
{
    public bool IsValid => Kind == VerdictKind.Valid;

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}: {Message}";
}

/// <summary>The codes of <see cref="Verdict.Reason"/>.</summary>
public static class Reasons
{
    public const string Precondition = "precondition";
    public const string Goal = "goal";
    public const string UnknownAction = "unknown-action";
    public const string UnknownObject = "unknown-object";
    public const string Arity = "arity";
    public const string Type = "type";

    /// <summary>A numeric fluent is read that has no value, or a number is divided by zero.</summary>
    public const string UndefinedValue = "undefined-value";

    /// <summary>One step updates a numeric fluent twice in ways that do not commute.</summary>
    public const string NumericConflict = "numeric-conflict";

    /// <summary>Two steps of the same time touch what the other one reads or changes.</summary>
    public const string Interference = "interference";

    /// <summary>A number or the number of possible facts exceeds what is computed exactly, or a text what is read.</summary>
    public const string TooLarge = "too-large";

    /// <summary>A part of the language is not implemented.</summary>
    public const string Feature = "feature";

    /// <summary>The time for the plan, or for the axioms of its problem, ran out.</summary>
    public const string TimeLimit = "time-limit";

    /// <summary>A row of a batch does not name a domain, a problem and a plan.</summary>
    public const string BadRow = "bad-row";

    /// <summary>A bug of the validator.</summary>
    public const string Internal = "internal";
}
