using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Checkpoints;

/// <summary>
/// A bfloat16 model whose weights stay in their files, mapped into memory: nothing is copied but the norms, and the system
/// keeps in memory what is used. It can be sampled from, not trained. The files must stay as they are meanwhile.
/// </summary>
public sealed class MappedCheckpoint : IDisposable
{
    private readonly WeightFiles _files;
    private readonly ProductTeam _team;

    private MappedCheckpoint(WeightFiles files, ProductTeam team, InferenceWeights weights, ITokenizer? tokenizer, SpecialTokenIds special)
    {
        _files = files;
        _team = team;
        Weights = weights;
        Tokenizer = tokenizer;
        SpecialTokens = special;
    }

    public ModelConfig Config => Weights.Config;

    /// <summary>Null where the folder has no <c>tokenizer.json</c>.</summary>
    public ITokenizer? Tokenizer { get; }

    public SpecialTokenIds SpecialTokens { get; }

    internal InferenceWeights Weights { get; }

    /// <summary>Null where a matrix is stored as another type, or the folder is an adapter's: that is for <see cref="CheckpointFolder.Load"/>.</summary>
    /// <param name="folder">The folder that holds <c>config.json</c>.</param>
    /// <param name="threads">That share a product, for the speed of few sequences; a sample does not depend on it.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged or not what can be run.</exception>
    public static MappedCheckpoint? TryOpen(string folder, int threads = 1)
    {
        if (AdapterFolder.IsOne(AtomicFolder.Locate(folder, HuggingFaceConfig.FileName)))
            return null;
        (ModelConfig config, SpecialTokenIds special, ITokenizer? tokenizer) = CheckpointFolder.Describe(ref folder);
        var layout = new ParameterLayout(config);
        WeightFiles files = WeightFiles.Open(folder);
        try
        {
            files.RequireTensors(layout);
            if (layout.Slots.Any(slot => slot.Shape.Length == 2 && files.TypeOf(slot) != TensorType.BF16))
            {
                files.Dispose();
                return null;
            }

            var team = new ProductTeam(threads);
            return new MappedCheckpoint(files, team, Map(files, layout, team), tokenizer, special);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Whoever samples from it must have ended.</summary>
    public void Dispose()
    {
        _team.Dispose();
        _files.Dispose();
    }

    private static InferenceWeights Map(WeightFiles files, ParameterLayout layout, ProductTeam team)
    {
        ModelConfig config = layout.Config;
        BFloat16Projection Projection(params TensorSlot[] slots) => new(team, [.. slots.Select(files.Map)]);
        var embedding = Projection(layout.Embedding);
        return new InferenceWeights(
            config,
            embedding.Embed,
            [.. layout.Layers.Select(layer => new InferenceLayer(
                files.Read(layer.InputNorm),
                Projection(layer.Query),
                Projection(layer.Key, layer.Value),
                files.Read(layer.QueryNorm),
                files.Read(layer.KeyNorm),
                Projection(layer.Output),
                files.Read(layer.PostAttentionNorm),
                Projection(layer.Gate, layer.Up),
                Projection(layer.Down)))],
            files.Read(layout.FinalNorm),
            config.TieEmbeddings ? embedding : Projection(layout.Head),
            new RotaryTable(config.MaxPositions, config.HeadDim, config.RopeTheta));
    }
}
