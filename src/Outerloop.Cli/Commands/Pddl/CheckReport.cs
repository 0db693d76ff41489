using Outerloop.Planning.Pddl;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>What <c>check</c> prints as JSON.</summary>
/// <param name="Ok">Whether there are no errors.</param>
/// <param name="Errors">The errors, in the order of the text.</param>
/// <param name="Unsupported">What is right but not implemented, so that plans get the verdict <c>unsupported</c>.</param>
internal sealed record CheckReport(bool Ok, IReadOnlyList<LocatedMessage> Errors, IReadOnlyList<LocatedMessage>? Unsupported)
{
    public static CheckReport Of(ProblemCheck check) => new(
        check.Ok,
        [.. check.Errors.Select(LocatedMessage.Of)],
        check.Unsupported.Count == 0 ? null : [.. check.Unsupported.Select(feature => LocatedMessage.Of(feature.Place))]);
}

/// <summary>A diagnostic as JSON.</summary>
internal sealed record LocatedMessage(string File, int Line, int Column, string Code, string Message, string? Suggestion)
{
    public static LocatedMessage Of(Diagnostic error) =>
        new(error.File, error.Line, error.Column, error.Code, error.Message, error.Suggestion);
}
