using System.Text;
using FsCheck.Xunit;
using Outerloop.Planning.Pddl;
using Outerloop.Planning.Tests.Reference;
using Outerloop.Planning.Validation;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class MutationTests
{
    private static readonly string[] Pieces =
        ["(", ")", "?", ":", "-", "=", "\0", "\u00A0", ";", "\r", "and", "not", "forall", "when", "either", "?x0", "(f0)", "1", "(:action", "object", "o0", "[", "0:", "\uD800"];

    [Property(MaxTest = 2000)]
    public void A_damaged_text_gives_errors_or_a_verdict_and_never_an_exception(int seed)
    {
        var random = new Random(seed);
        var task = new RandomTask(seed % 50);
        var domain = Samples.ReadDomain(Damaged(task.Domain, random));
        var problem = Samples.ReadProblem(Damaged(task.Problem, random), domain.Value ?? Samples.ReadDomain(task.Domain).Required());
        var plan = new SourceText("plan", Damaged("0: (a1 o0 o1)\n1: (a2 c0) [1]\n", random));

        Assert.All(domain.Errors.Concat(problem.Errors), e => Assert.NotEqual("", e.Render()));
        if (!problem.Ok)
        {
            Assert.NotEmpty(problem.Errors);
            return;
        }

        var validator = new PlanValidator(problem.Value);
        Assert.NotEqual(VerdictKind.Error, validator.ValidateText(plan).Kind);
        Assert.False(validator.ReadLenient(plan).Skipped.IsDefault);
    }

    /// <summary>Deletes, doubles, moves or inserts up to three pieces of the text, or none.</summary>
    private static string Damaged(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var i = random.Next(4); i > 0 && result.Length > 2; i--)
        {
            var at = random.Next(result.Length - 1);
            var length = random.Next(1, Math.Min(12, result.Length - at));
            var piece = result.ToString(at, length);
            if (random.Next(2) == 0)
                result.Remove(at, length);
            if (random.Next(2) == 0)
                result.Insert(random.Next(result.Length + 1), random.Next(2) == 0 ? piece : Pieces[random.Next(Pieces.Length)]);
        }

        return result.ToString();
    }
}
