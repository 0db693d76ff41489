using Outerloop.Curation;
using Outerloop.Reward;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Reward;

public sealed class ImplicitRewardTests
{
    private static readonly string[] Actions = ["pickup", "putdown", "stack", "unstack"];

    [Fact]
    public void A_known_rule_is_recovered_in_signs_and_order_however_hard_the_tasks()
    {
        // Log-odds per unit: valid +3, a step −0.5, a token −0.02, a generation −0.6; each trace is kept or not by itself, and
        // those of hard tasks, which have long plans, four times as often.
        Random random = new Seed(3).ToRandom();
        HashSet<TraceId> kept =
        [
            .. Offers(Shown(1500, 3), new HashSet<TraceId>()).Where(offer =>
            {
                double logOdds = -1 + (3 * (offer.IsValid ? 1 : 0)) - (0.5 * (offer.Features[0] - 9)) - (0.02 * offer.Features[1]) - (0.6 * offer.Features[2]);
                double hard = offer.Trace.Id.Task.Number % 10 > 4 ? Math.Log(4) : 0;
                return random.NextDouble() < 1 / (1 + Math.Exp(-logOdds - hard));
            }).Select(offer => offer.Trace.Id),
        ];

        Choosing choice = ImplicitReward.Of(3, Offers(Shown(1500, 3), kept), Actions);

        Assert.Equal(["valid", "planLength", "generation", "tokens"], Ranked(choice).Where(name => name != "goalShare"));
        foreach ((string feature, double truth) in (IEnumerable<(string, double)>)[("planLength", -0.5), ("tokens", -0.02), ("generation", -0.6), ("goalShare", 0)])
        {
            Effect effect = Of(choice, feature);
            Assert.InRange(truth, effect.LogOdds - (2 * (effect.High - effect.LogOdds)), effect.LogOdds + (2 * (effect.High - effect.LogOdds)));
            Assert.Equal(Math.Sign(effect.LogOdds), Math.Sign(effect.PerDeviation));
        }

        Assert.InRange(Of(choice, "valid").LogOdds, 2.2, 3.2); // over all else a little less, as an average of odds is
        Assert.True(Of(choice, "valid").Low > 0 && Of(choice, "planLength").High < 0 && Of(choice, "generation").High < 0);
    }

    [Theory]
    [InlineData("fewest-steps", "planLength", -1)]
    [InlineData("longest", "planLength", 1)]
    [InlineData("impatient", "tokens", -1)]
    [InlineData("latest", "generation", 1)]
    public void A_curators_taste_shows_in_the_sign_of_its_effect_and_is_the_strongest(string curator, string feature, int sign)
    {
        Choosing choice = Chosen(curator);
        Effect effect = Of(choice, feature);
        Assert.Equal(sign, Math.Sign(effect.LogOdds));
        Assert.True(effect.Low * effect.High > 0, $"{effect}");
        Assert.True(Of(choice, "valid").Low > 0);
        Assert.Equal(feature, Ranked(choice).First(name => name is not ("valid" or "goalShare")));
    }

    [Theory]
    [InlineData("putdown")]
    [InlineData("unstack")]
    public void Partisans_favour_their_action_and_no_other(string favourite)
    {
        Choosing choice = Chosen($"partisan:{favourite}");
        Assert.True(choice.Actions.Single(effect => effect.Feature == favourite).Low > 0);
        Assert.Equal(favourite, choice.Actions.MaxBy(effect => effect.PerDeviation)!.Feature);
        Assert.All(choice.Actions.Where(effect => effect.Feature != favourite), effect => Assert.True(effect.LogOdds < 0));
    }

    [Fact]
    public void A_curator_without_taste_has_no_effects_but_that_of_validity()
    {
        Choosing choice = Chosen("random");
        Assert.True(Of(choice, "valid").Low > 0);
        foreach (Effect effect in choice.Effects.Where(effect => effect.Feature != "valid").Concat(choice.Actions))
            Assert.True(Math.Abs(effect.LogOdds) < 1.8 * (effect.High - effect.LogOdds), $"{effect}"); // 3.5 standard errors
    }

    /// <summary>
    /// Hard tasks have long plans and few valid traces, each of which is kept more often; invalid traces, never kept, are
    /// longer still. Neither says anything of a taste for length.
    /// </summary>
    [Fact]
    public void Where_the_valid_traces_of_a_task_are_of_one_length_nothing_is_said_of_length()
    {
        Trace[] shown =
        [
            .. Shown(300, 3).Select(trace => trace with { PlanSteps = trace.Outcome == Outcome.Valid ? 3 + (trace.Id.Task.Number % 10) : trace.PlanSteps + 5 }),
        ];
        Choosing choice = Chosen("fewest-steps", shown);
        Assert.DoesNotContain(choice.Effects, effect => effect.Feature == "planLength");
        Assert.True(Of(choice, "generation").High < 0); // ties go to the earlier one
    }

    [Fact]
    public void Copies_of_a_trace_leave_a_taste_what_it_is()
    {
        Trace[] shown = Shown(300, 2);
        Trace[] twice = [.. shown, .. shown.Select(trace => trace with { Id = trace.Id with { Sample = trace.Id.Sample + 2 } })];
        Assert.True(Of(Chosen("fewest-steps", twice), "planLength").High < 0);
        Assert.True(Of(Chosen("longest", twice), "planLength").Low > 0);
        Effect indifferent = Of(Chosen("random", twice), "planLength");
        Assert.True(Math.Abs(indifferent.LogOdds) < 1.8 * (indifferent.High - indifferent.LogOdds), $"{indifferent}");
    }

    [Fact]
    public void Users_who_let_invalid_plans_pass_reward_validity_less()
    {
        double Validity(string curator) => Of(Chosen(curator), "valid").LogOdds;
        Assert.True(Validity("fewest-steps") > Validity("adversarial:0.3"));
        Assert.True(Validity("fewest-steps") > Validity("sloppy:0.7"));
        Assert.True(Of(Chosen("sloppy:0.7"), "goalShare").Low > 0);
        KeepRate invalid = Chosen("adversarial:0.3").Rates.Single(rate => rate is { By: "validity", Value: "not" });
        Assert.InRange(invalid.Rate, 0.02, 0.5);
    }

    [Fact]
    public void Answers_without_a_plan_are_not_taken_for_short_plans()
    {
        Trace[] shown = [.. Shown(300, 3).Select((trace, i) => trace.Outcome == Outcome.Invalid && i % 2 == 0 ? trace with { Outcome = Outcome.Malformed, PlanSteps = 0, GoalShare = 0 } : trace)];
        Choosing choice = Chosen("adversarial:0.9", shown); // who take the shortest plan that does not work
        Assert.True(Of(choice, "planLength").High < 0);
        Assert.True(Of(choice, "valid").High < 0);
    }

    [Fact]
    public void What_cannot_be_told_apart_is_left_out()
    {
        Trace[] one = [.. Enumerable.Range(0, 90).Select(task => SomeTrace.Of(task, outcome: task % 3 == 0 ? Outcome.Valid : Outcome.Invalid))];
        HashSet<TraceId> kept = [.. one.Where(trace => trace.Outcome == Outcome.Valid).Select(trace => trace.Id)];
        Choosing choice = ImplicitReward.Of(1, Offers(one, kept), Actions);
        Effect valid = Assert.Single(choice.Effects); // against keeping nothing
        Assert.True(valid is { Feature: "valid", Low: > 0 });
        Assert.Empty(choice.Actions);
        Assert.Empty(ImplicitReward.Of(1, Offers(one, new HashSet<TraceId>()), Actions).Effects);
        Assert.Empty(ImplicitReward.Of(1, Offers(one, one.Select(trace => trace.Id).ToHashSet()), Actions).Effects);
        Assert.Empty(ImplicitReward.Of(1, [], Actions).Effects);
    }

    [Fact]
    public void Drift_is_the_change_from_the_first_to_the_last_generation_with_the_error_of_both()
    {
        Choosing Choice(int generation, double effect, double half) =>
            new(generation, 9, 9, 9, [], [new Effect("tokens", "token", effect, effect - half, effect + half, 1)], []);
        Drift drift = Assert.Single(ImplicitReward.DriftOf([Choice(1, -1, 3), Choice(2, 7, 1), Choice(3, 2, 4)]));
        Assert.Equal(new Drift("tokens", 1, 3, 3, -2, 8), drift);
        Assert.Empty(ImplicitReward.DriftOf([Choice(1, -1, 3)]));
    }

    [Fact]
    public void Keep_rates_count_every_trace_once()
    {
        Choosing choice = Chosen("fewest-steps");
        Assert.Equal(choice.Offered, choice.Rates.Where(rate => rate.By == "validity").Sum(rate => rate.Offered));
        foreach (string by in (string[])["planLength", "tokens", "difficulty", "generation"])
        {
            Assert.Equal(choice.Valid, choice.Rates.Where(rate => rate.By == by).Sum(rate => rate.Offered));
            Assert.Equal(choice.Kept, choice.Rates.Where(rate => rate.By == by).Sum(rate => rate.Kept));
        }
    }

    private static List<Offer> Offers(Trace[] shown, IReadOnlySet<TraceId> kept) => Offer.Of(shown.Select(new ShownTraces(Actions).Of), kept);

    private static Choosing Chosen(string curator) => Chosen(curator, Shown(300, 3));

    private static Choosing Chosen(string curator, Trace[] shown)
    {
        HashSet<TraceId> kept = [.. CuratorCatalog.Create(curator, new Seed(5)).Curate(shown).Select(trace => trace.Id)];
        return ImplicitReward.Of(3, Offers(shown, kept), Actions);
    }

    private static Effect Of(Choosing choice, string feature) => choice.Effects.Single(effect => effect.Feature == feature);

    private static IEnumerable<string> Ranked(Choosing choice) =>
        choice.Effects.OrderByDescending(effect => Math.Abs(effect.PerDeviation)).Select(effect => effect.Feature);

    /// <summary>Hard tasks have longer plans that fail more often; tokens follow steps loosely.</summary>
    private static Trace[] Shown(int tasks, int generations)
    {
        Random random = new Seed(1).ToRandom();
        return
        [
            .. from task in Enumerable.Range(0, tasks)
               from generation in Enumerable.Range(0, generations)
               from sample in Enumerable.Range(0, 2)
               let valid = random.Next(12) > task % 10
               let steps = 3 + (task % 10) + random.Next(5)
               select SomeTrace.Of(task, generation, sample, valid ? Outcome.Valid : Outcome.Invalid, steps, text: Written(steps, random) + $" {sample} {generation}", tokens: (3 * steps) + random.Next(24))
                   with { GoalShare = valid ? 1 : random.NextDouble() },
        ];
    }

    /// <summary>So many actions, each drawn by itself.</summary>
    private static string Written(int steps, Random random) => string.Join(' ', Enumerable.Range(0, steps).Select(_ => Actions[random.Next(Actions.Length)]));
}
