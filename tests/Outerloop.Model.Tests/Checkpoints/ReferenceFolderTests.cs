using System.Text.Json;
using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Training;
using Xunit.Abstractions;

namespace Outerloop.Model.Tests.Checkpoints;

/// <summary>
/// Compares models with what an independent implementation in double precision says of them, where the environment
/// variable names their folder: each sub-folder is a Hugging Face folder with a <c>reference.json</c> beside the weights
/// (logits of some positions, log-probabilities, loss, the norm and first values of every gradient, a greedy continuation,
/// and the logits with the adapter in <c>adapter/</c>).
/// </summary>
public sealed class ReferenceFolderTests(ITestOutputHelper output)
{
    private const string Variable = "OUTERLOOP_REFERENCE_MODELS";

    [Fact]
    public void Logits_and_log_probabilities_are_those_of_the_reference() => ForEach((folder, reference) =>
    {
        var model = new LanguageModel(CheckpointFolder.Load(folder).Parameters);
        int[] positions = reference.GetProperty("logits_positions").Deserialize<int[]>()!;
        AssertLogits(model, positions, reference, "logits");
        double[][] expected = reference.GetProperty("logprobs_of_next_token").Deserialize<double[][]>()!;
        int[][] tokens = Tokens(reference);
        for (int row = 0; row < tokens.Length; row++)
            Assert.All(model.LogProbabilities(tokens[row], 1), (value, i) => Assert.Equal(expected[row][i], value, 1e-4));
        if (!Directory.Exists(Path.Combine(folder, "adapter")))
            return;
        Parameters @base = CheckpointFolder.Load(folder).Parameters;
        Adapter adapter = AdapterFolder.Load(Path.Combine(folder, "adapter"), @base.Config);
        AssertLogits(new LanguageModel(new AdaptedModel(@base, adapter)), positions, reference, "adapter_logits");
        // Merged weights are rounded once more, and these models make much of it.
        AssertLogits(new LanguageModel(adapter.Merge(@base)), positions, reference, "adapter_logits", tolerance: 3e-4);
    });

    [Fact]
    public void The_loss_and_every_gradient_are_those_of_the_reference() => ForEach((folder, reference) =>
    {
        Parameters parameters = CheckpointFolder.Load(folder).Parameters;
        int[] from = reference.GetProperty("target_mask_from").Deserialize<int[]>()!;
        var batch = new TrainingBatch([.. Tokens(reference).Select((tokens, row) => new TrainingSequence(tokens, from[row]))]);
        var options = new TrainingOptions { LearningRate = new() { Peak = 0 } };
        double loss = Trainer.Fit(parameters, [batch], 1, options).FinalLoss;
        Assert.Equal(reference.GetProperty("loss_mean_over_masked_tokens").GetDouble(), loss, 1e-4);
        float[] gradient = Trainer.Gradient(parameters, batch, options);
        foreach (TensorSlot slot in parameters.Layout.Slots)
        {
            double expected = reference.GetProperty("gradient_norms").GetProperty(slot.Name).GetDouble();
            double[] first = reference.GetProperty("gradient_samples").GetProperty(slot.Name).Deserialize<double[]>()!;
            Assert.Equal(expected, Math.Sqrt(gradient[slot.Range].Sum(value => (double)value * value)), 1e-4 * expected);
            Assert.All(first, (value, i) => Assert.Equal(value, gradient[slot.Offset + i], 1e-4 * expected));
        }
    });

    [Fact]
    public void The_greedy_continuation_is_that_of_the_reference() => ForEach((folder, reference) =>
    {
        var model = new LanguageModel(CheckpointFolder.Load(folder).Parameters);
        List<int> tokens = [.. Tokens(reference)[0][..8]];
        foreach (int expected in reference.GetProperty("greedy_from_first_8_of_row_0").Deserialize<int[]>()!)
        {
            float[] logits = model.Logits([.. tokens])[^1];
            tokens.Add(Array.IndexOf(logits, logits.Max()));
            Assert.Equal(expected, tokens[^1]);
        }
    });

    private static int[][] Tokens(JsonElement reference) => reference.GetProperty("tokens").Deserialize<int[][]>()!;

    private static void AssertLogits(LanguageModel model, int[] positions, JsonElement reference, string name, double tolerance = 1e-4)
    {
        double[][][] expected = reference.GetProperty(name).Deserialize<double[][][]>()!;
        int[][] tokens = Tokens(reference);
        for (int row = 0; row < tokens.Length; row++)
        {
            float[][] logits = model.Logits(tokens[row]);
            for (int i = 0; i < positions.Length; i++)
                Assert.All(logits[positions[i]], (value, token) => Assert.Equal(expected[row][i][token], value, tolerance));
        }
    }

    private void ForEach(Action<string, JsonElement> check)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } parent)
        {
            output.WriteLine($"not run: {Variable} names no folder");
            return;
        }

        string[] folders = [.. Directory.GetDirectories(parent).Where(folder => File.Exists(Path.Combine(folder, "reference.json")))];
        Assert.NotEmpty(folders);
        foreach (string folder in folders)
        {
            using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
            check(folder, reference.RootElement);
            output.WriteLine($"{Path.GetFileName(folder)} agrees");
        }
    }
}
