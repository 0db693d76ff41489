using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Validation.Lenient;

/// <summary>Problems whose names the lenient reader is given.</summary>
internal static class LenientSamples
{
    /// <summary>Actions a, b, c, d, e, x and y without parameters, and nothing else.</summary>
    public static readonly PlanValidator Letters = new(Samples.Problem(
        Samples.Flat(string.Concat("abcdexy".Select(letter => $"(:action {letter}) "))), Samples.FlatProblem("", "(and)")));

    /// <summary>The four actions of the blocks world over the blocks a, b, c and b1, b2, b3.</summary>
    public static readonly PlanValidator Blocks = new(Samples.Problem(
        Samples.Flat(
            "(:action pick-up :parameters (?x)) (:action put-down :parameters (?x)) (:action stack :parameters (?x ?y)) (:action unstack :parameters (?x ?y))"),
        Samples.FlatProblem("", "(and)", "(:objects a b c b1 b2 b3)")));

    public static LenientReading Read(this PlanValidator validator, string text) => validator.ReadLenient(new SourceText("answer", text));

    /// <summary>The plan on one line; the code of the error where there is none.</summary>
    public static string Found(this PlanValidator validator, string text)
    {
        var reading = validator.Read(text).Reading;
        return reading.Ok ? reading.Value.ToString().Replace("\n", "", StringComparison.Ordinal) : reading.Errors[0].Code;
    }
}
