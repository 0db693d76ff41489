using Outerloop.Configuration;
using Outerloop.Policies;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Tests.Verification;

public sealed class NoisyVerifierTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.2, 0.1)]
    [InlineData(1, 1)]
    public void The_word_is_false_at_the_given_rates_and_the_truth_stays(double falseAccepts, double falseRejects)
    {
        Judgement[] valid = Judge(Outcome.Valid, new VerifierSettings(falseAccepts, falseRejects));
        Judgement[] invalid = Judge(Outcome.Invalid, new VerifierSettings(falseAccepts, falseRejects));
        Assert.All(valid, judgement => Assert.Equal(Outcome.Valid, judgement.Outcome));
        Assert.All(invalid, judgement => Assert.Equal(Outcome.Invalid, judgement.Outcome));
        Assert.Equal(falseRejects, valid.Average(judgement => judgement.Accepted ? 0.0 : 1), Tolerance(falseRejects));
        Assert.Equal(falseAccepts, invalid.Average(judgement => judgement.Accepted ? 1.0 : 0), Tolerance(falseAccepts));
    }

    [Theory]
    [InlineData(Outcome.Malformed)]
    [InlineData(Outcome.Truncated)]
    [InlineData(Outcome.VerifierFailed)]
    [InlineData(Outcome.ModelFailed)]
    public void An_answer_without_a_plan_is_never_accepted(Outcome outcome) =>
        Assert.All(Judge(outcome, new VerifierSettings(1, 1)), judgement => Assert.False(judgement.Accepted));

    [Fact]
    public void Asking_again_changes_nothing_and_another_seed_does()
    {
        bool[] Said(ulong seed) => [.. Judge(Outcome.Invalid, new VerifierSettings(0.5), seed).Select(judgement => judgement.Accepted)];
        Assert.Equal(Said(1), Said(1));
        Assert.NotEqual(Said(1), Said(2));
    }

    /// <summary>Five standard deviations of a rate over so many answers.</summary>
    private static double Tolerance(double rate) => 5 * Math.Sqrt(rate * (1 - rate) / Answers);

    private const int Answers = 4000;

    private static Judgement[] Judge(Outcome truth, VerifierSettings noise, ulong seed = 1)
    {
        var verifier = new NoisyVerifier(new Fixed(truth), noise, new Seed(seed));
        return [.. Enumerable.Range(0, Answers).Select(i => verifier.Judge(null!, Answer(i)))];
    }

    private static Completion Answer(int number) => new()
    {
        Request = new CompletionRequest(new TraceId(1, new TaskId("d", TaskSet.Pool, number / 2), SampleMode.Sampled, number % 2), null!, 1, 9, new Seed(0)),
        Text = "",
        Tokens = [],
        LogProbs = [],
        SamplingLogProbs = [],
        PromptTokens = 1,
        End = CompletionEnd.Finished,
    };

    private sealed class Fixed(Outcome outcome) : IVerifier
    {
        public Judgement Judge(PlanningTask task, Completion completion) => new(outcome);
    }
}
