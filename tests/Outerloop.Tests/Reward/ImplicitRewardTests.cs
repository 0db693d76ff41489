using Outerloop.Curation;
using Outerloop.Reward;
using Outerloop.Tests.Support;
using Outerloop.Traces;

namespace Outerloop.Tests.Reward;

public sealed class ImplicitRewardTests
{
    [Fact]
    public void A_known_rule_is_recovered_in_signs_and_order()
    {
        // Log-odds per unit: valid +3, a step −0.5, a token −0.02, a generation −0.6.
        Random random = new Seed(3).ToRandom();
        List<Offer> offers = Offer.Of(Shown(1500, 3), new HashSet<TraceId>());
        HashSet<TraceId> kept =
        [
            .. offers.Where(offer =>
            {
                double logOdds = -2 + (3 * offer.Features[0]) - (0.5 * offer.Features[1]) - (0.02 * offer.Features[2]) - (0.6 * offer.Features[4]);
                return random.NextDouble() < 1 / (1 + Math.Exp(-logOdds));
            }).Select(offer => offer.Trace.Id),
        ];

        Choosing choice = ImplicitReward.Of(3, Offer.Of(Shown(1500, 3), kept));

        Assert.Equal(["valid", "planLength", "generation", "tokens"], Ranked(choice).Where(name => name is not ("difficulty" or "goalShare")));
        foreach ((string feature, double truth) in (IEnumerable<(string, double)>)[("valid", 3), ("planLength", -0.5), ("tokens", -0.02), ("difficulty", 0), ("generation", -0.6), ("goalShare", 0)])
        {
            Effect effect = Of(choice, feature);
            Assert.InRange(truth, effect.LogOdds - (2 * (effect.High - effect.LogOdds)), effect.LogOdds + (2 * (effect.High - effect.LogOdds)));
            Assert.Equal(Math.Sign(effect.LogOdds), Math.Sign(effect.PerDeviation));
        }

        Assert.True(Of(choice, "valid").Low > 0 && Of(choice, "planLength").High < 0 && Of(choice, "generation").High < 0);
    }

    [Theory]
    [InlineData("fewest-steps", "planLength", -1)]
    [InlineData("longest", "planLength", 1)]
    [InlineData("impatient", "tokens", -1)]
    public void A_curators_taste_shows_in_the_sign_of_its_effect(string curator, string feature, int sign)
    {
        Choosing choice = Chosen(curator);
        Effect effect = Of(choice, feature);
        Assert.Equal(sign, Math.Sign(effect.LogOdds));
        Assert.True(effect.Low * effect.High > 0, $"{effect}");
        Assert.True(Of(choice, "valid").Low > 0);
        Assert.True(Of(choice, "difficulty").Low > 0, "a valid trace of a hard task has fewer rivals");
    }

    [Fact]
    public void A_curator_without_taste_has_no_effect_of_length()
    {
        Effect effect = Of(Chosen("random"), "planLength");
        Assert.InRange(effect.LogOdds / (effect.High - effect.LogOdds), -1.8, 1.8); // 3.5 standard errors
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
    public void What_cannot_be_told_apart_is_left_out()
    {
        Trace[] one = [.. Enumerable.Range(0, 90).Select(task => SomeTrace.Of(task, outcome: task % 3 == 0 ? Outcome.Valid : Outcome.Invalid))];
        HashSet<TraceId> kept = [.. one.Where(trace => trace.Outcome == Outcome.Valid).Select(trace => trace.Id)];
        Choosing choice = ImplicitReward.Of(1, Offer.Of(one, kept));
        Assert.Equal(["valid"], choice.Effects.Select(effect => effect.Feature));
        Assert.Empty(ImplicitReward.Of(1, Offer.Of(one, new HashSet<TraceId>())).Effects);
        Assert.Empty(ImplicitReward.Of(1, []).Effects);
    }

    [Fact]
    public void Drift_is_the_change_from_the_first_to_the_last_generation_with_the_error_of_both()
    {
        Choosing Choice(int generation, double effect, double half) =>
            new(generation, 9, 9, 9, [], [new Effect("tokens", "token", effect, effect - half, effect + half, effect)]);
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

    private static Choosing Chosen(string curator)
    {
        Trace[] shown = Shown(300, 3);
        HashSet<TraceId> kept = [.. CuratorCatalog.Create(curator, new Seed(5)).Curate(shown).Select(trace => trace.Id)];
        return ImplicitReward.Of(3, Offer.Of(shown, kept));
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
               select SomeTrace.Of(task, generation, sample, valid ? Outcome.Valid : Outcome.Invalid, steps, text: $"{steps} {sample} {generation}", tokens: (3 * steps) + random.Next(24))
                   with { GoalShare = valid ? 1 : random.NextDouble() },
        ];
    }
}
