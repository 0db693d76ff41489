using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Traces;
using Outerloop.Verification;

namespace Outerloop.Tests.Verification;

public sealed class PlanVerifierTests
{
    [Fact]
    public void The_reason_of_a_verdict_does_not_repeat_an_answer_that_is_one_long_word()
    {
        string word = string.Concat(Enumerable.Repeat("\ud83d\ude00", 50_000)); // each of two characters
        var judgement = new Judgement(Outcome.Malformed, Message: $"'{word}' belongs to no step of a plan");

        Assert.InRange(judgement.Message!.Length, 900, 1001);
        Assert.EndsWith("\ude00…", judgement.Message, StringComparison.Ordinal);
        Assert.Equal("short", new Judgement(Outcome.Malformed, Message: "short").Message);
    }

    /// <summary>Users may ask anything: this goal is looked at 24⁸ times.</summary>
    [Fact]
    public void A_verdict_that_takes_too_long_is_none_and_no_wrong_answer()
    {
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        string blocks = string.Join(' ', Enumerable.Range(1, 24).Select(number => $"b{number}"));
        string facts = string.Join(' ', Enumerable.Range(1, 24).Select(number => $"(on-table b{number}) (clear b{number})"));
        PlanningTask task = PlanningTask.Read(
            new TaskId("blocksworld", TaskSet.Live, 0),
            $"(define (problem p) (:domain blocksworld) (:objects {blocks}) (:init (arm-empty) {facts}) "
            + "(:goal (forall (?a ?b ?c ?d ?e ?f ?g ?h) (or (on-table ?a) (on ?b ?c) (on ?d ?e) (on ?f ?g) (on ?h ?a)))))",
            domain.Domain);
        var verifier = new PlanVerifier(new MessageFormat(domain), (TimeSpan.FromMilliseconds(100), TimeProvider.System));

        Judgement judgement = verifier.Judge(task, new Completion
        {
            Request = new CompletionRequest(default, task, 1, 100, default),
            Text = "(pickup b1)\n(putdown b1)",
            Tokens = [],
            LogProbs = [],
            SamplingLogProbs = [],
            PromptTokens = 0,
            End = CompletionEnd.Finished,
        });

        Assert.Equal(Outcome.VerifierFailed, judgement.Outcome);
        Assert.Equal("time", judgement.Reason);
    }
}
