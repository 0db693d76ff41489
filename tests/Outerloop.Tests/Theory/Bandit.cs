using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Outerloop.Theory;

namespace Outerloop.Tests.Theory;

/// <summary>
/// A model with four tokens, one prompt and at most three tokens of answer: all 40 traces can be written down, and every
/// expectation computed.
/// </summary>
internal static class Bandit
{
    private const int End = 0, Vocabulary = 4, MostTokens = 3;

    public static int[] Prompt { get; } = [3, 1, 2];

    /// <summary>A trace ends with the end token, or is as long as it may be.</summary>
    public static TrainingSequence[] Traces { get; } =
        [.. Answers([]).Select(answer => new TrainingSequence([.. Prompt, .. answer], Prompt.Length))];

    /// <summary>An arbitrary verdict for about half of the traces.</summary>
    public static bool IsValid(TrainingSequence trace) => trace.Tokens.Sum() % 2 == 0;

    public static TrainingSequence[] Valid { get; } = [.. Traces.Where(IsValid)];

    /// <summary>Weights large enough that the policies of two seeds differ.</summary>
    public static Parameters Policy(ulong seed)
    {
        var config = new ModelConfig { Layers = 1, Dim = 8, Heads = 2, KvHeads = 1, HeadDim = 4, FeedForward = 12, Vocabulary = Vocabulary, MaxPositions = 8 };
        Parameters parameters = Parameters.Random(config, seed);
        foreach (TensorSlot slot in parameters.Layout.Slots.Where(slot => slot.Shape.Length > 1))
        {
            foreach (ref float value in parameters[slot])
                value *= 20;
        }

        return parameters;
    }

    public static double[] LogProbs(Parameters policy, IReadOnlyList<TrainingSequence> traces) =>
        [.. ExactLogProbs.Of(policy, traces, threads: 1, (_, _) => { }, default).Select(ExactLogProbs.Sum)];

    public static double PassRate(Parameters policy) => LogProbs(policy, Valid).Sum(Math.Exp);

    public static ScoreFunction Score(Parameters policy) => new(policy, threads: 1, (_, _) => { }, default);

    /// <summary>∇ log π of one trace, by itself.</summary>
    public static double[] GradientOf(Parameters policy, TrainingSequence trace)
    {
        var options = new TrainingOptions { LearningRate = new LearningRateSchedule { Peak = 0 }, Normalisation = LossNormalisation.SequenceSum };
        return [.. Trainer.Gradient(policy, new TrainingBatch([trace]), options).Select(value => -(double)value)];
    }

    /// <summary>Traces drawn from the enumerated distribution, as indices into <see cref="Traces"/>.</summary>
    public static int[] Sample(Parameters policy, int count, Random random)
    {
        double[] probabilities = [.. LogProbs(policy, Traces).Select(Math.Exp)];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double draw = random.NextDouble();
            return Math.Max(0, Array.FindIndex(probabilities, probability => (draw -= probability) < 0));
        })];
    }

    private static IEnumerable<int[]> Answers(int[] begun) =>
        (begun.Length > 0 && begun[^1] == End) || begun.Length == MostTokens
            ? [begun]
            : Enumerable.Range(0, Vocabulary).SelectMany(token => Answers([.. begun, token]));
}
