using System.Collections.Immutable;
using System.Globalization;
using Outerloop.Evaluation;

namespace Outerloop.Reward;

/// <summary>Estimates from what a curator kept what it likes.</summary>
internal static class ImplicitReward
{
    private const double Quantile95 = 1.959964;

    /// <param name="actions">The domain's.</param>
    public static Choosing Of(int generation, IReadOnlyList<Offer> offers, IReadOnlyList<string> actions) => new(
        generation,
        offers.Count,
        offers.Count(offer => offer.IsValid),
        offers.Count(offer => offer.Kept),
        [.. Rates(offers)],
        [.. Effects(offers)],
        [.. Actions(offers, actions)]);

    public static ImmutableArray<Drift> DriftOf(IReadOnlyList<Choosing> choices) =>
    [
        .. from feature in Offer.FeatureNames.Prepend(Offer.Valid)
           let known = choices.SelectMany(choice => choice.Effects.Where(effect => effect.Feature == feature.Name).Select(effect => (choice.Generation, effect))).ToList()
           where known.Count > 1
           select Between(feature.Name, known[0], known[^1]),
    ];

    private static Drift Between(string feature, (int Generation, Effect Effect) first, (int Generation, Effect Effect) last)
    {
        double change = last.Effect.LogOdds - first.Effect.LogOdds;
        double half = double.Hypot(last.Effect.High - last.Effect.Low, first.Effect.High - first.Effect.Low) / 2;
        return new Drift(feature, first.Generation, last.Generation, change, change - half, change + half);
    }

    private static IEnumerable<KeepRate> Rates(IReadOnlyList<Offer> offers)
    {
        Offer[] valid = [.. offers.Where(offer => offer.IsValid)];
        return
        [
            .. Rates("validity", offers, offer => offer.IsValid ? 1 : 0, cell => cell == 1 ? "valid" : "not"),
            .. Rates("planLength", valid, offer => Doubling(offer.Trace.PlanSteps), NameOfDoubling),
            .. Rates("tokens", valid, offer => Doubling(offer.Trace.AnswerTokens), NameOfDoubling),
            .. Rates("difficulty", valid, offer => Quarter(offer.Difficulty), cell => Text($"{25 * cell}-{25 * (cell + 1)} % fail")),
            .. Rates("generation", valid, offer => offer.Trace.Id.Generation, cell => Text($"{cell}")),
        ];
    }

    private static IEnumerable<KeepRate> Rates(string by, IReadOnlyList<Offer> offers, Func<Offer, int> cellOf, Func<int, string> nameOf)
    {
        var cells = new SortedDictionary<int, (int All, int Kept)>();
        foreach (Offer offer in offers)
        {
            int cell = cellOf(offer);
            (int all, int kept) = cells.GetValueOrDefault(cell);
            cells[cell] = (all + 1, kept + (offer.Kept ? 1 : 0));
        }

        return cells.Select(cell =>
        {
            (int all, int kept) = cell.Value;
            (double low, double high) = Wilson.Interval(kept, all);
            return new KeepRate(by, nameOf(cell.Key), all, kept, (double)kept / all, low, high);
        });
    }

    /// <summary>0, 1, 2-3, 4-7, 8-15, …</summary>
    private static int Doubling(int value) => value == 0 ? 0 : 1 + int.Log2(value);

    private static string NameOfDoubling(int cell)
    {
        int from = cell == 0 ? 0 : 1 << (cell - 1);
        return from < 2 ? Text($"{from}") : Text($"{from}-{(2 * from) - 1}");
    }

    /// <summary>Quarters of the unit interval; 1 is no cell of its own for no valid trace has it.</summary>
    private static int Quarter(double share) => Math.Min(3, (int)(4 * share));

    /// <summary>
    /// Validity among all of a task's offers; what else there is among those of the kind of the one kept, where a trace that
    /// was out of the question has no say.
    /// </summary>
    private static IEnumerable<Effect> Effects(IReadOnlyList<Offer> offers) =>
    [
        .. Preference.Of(Validity([.. offers.GroupBy(offer => offer.Trace.Task).Select(task => task.ToList())]))
            .Where(preference => preference.Feature == 0)
            .Select(preference => Describe(Offer.Valid, preference)),
        .. Preference.Of([.. Alike(offers).SelectMany(alike => Choice.Among(alike, offer => offer.Features))])
            .Select(preference => Describe(Offer.FeatureNames[preference.Feature], preference)),
    ];

    /// <summary>To keep nothing is an alternative where of each task one is kept at most.</summary>
    private static List<Choice> Validity(List<List<Offer>> tasks)
    {
        bool some = tasks.Exists(task => task.Exists(offer => offer.Kept)) && tasks.Exists(task => task.Exists(offer => !offer.Kept));
        bool one = some && tasks.TrueForAll(task => task.Count(offer => offer.Kept) <= 1);
        return [.. tasks.SelectMany(task => Choice.Among(task, offer => [offer.IsValid ? 1 : 0, 0], one ? [0, 1] : null))];
    }

    /// <summary>Each action by itself, beside length and generation: shares of actions add up to 1.</summary>
    private static IEnumerable<Effect> Actions(IReadOnlyList<Offer> offers, IReadOnlyList<string> actions)
    {
        List<List<Offer>> alike = [.. Alike(offers)];
        foreach ((int place, string action) in actions.Index())
        {
            var choices = alike.SelectMany(set => Choice.Among(set, offer => [offer.Trace.PlanSteps, offer.Trace.Id.Generation, offer.Trace.ShareOf(place)])).ToList();
            Preference? preference = Preference.Of(choices).FirstOrDefault(found => found.Feature == 2);
            if (preference is not null)
                yield return Describe((action, "all of the plan's steps against none"), preference);
        }
    }

    private static IEnumerable<List<Offer>> Alike(IReadOnlyList<Offer> offers) =>
        offers.GroupBy(offer => (offer.Trace.Task, offer.Kind)).Select(alike => alike.ToList()).Where(alike => alike.Count > 1);

    private static Effect Describe((string Name, string Unit) feature, Preference preference)
    {
        double half = Quantile95 * preference.Error;
        return new Effect(
            feature.Name,
            feature.Unit,
            preference.PerDeviation / preference.Deviation,
            (preference.PerDeviation - half) / preference.Deviation,
            (preference.PerDeviation + half) / preference.Deviation,
            preference.Deviation);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
