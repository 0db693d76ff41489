using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Sampling;

/// <summary>A folder's model, ready to be sampled from: mapped where its weights allow it, else loaded.</summary>
public sealed class SamplingCheckpoint : IDisposable
{
    private readonly MappedCheckpoint? _mapped;

    private SamplingCheckpoint(MappedCheckpoint mapped)
    {
        _mapped = mapped;
        (Sampler, Config, Tokenizer) = (new Sampler(mapped), mapped.Config, mapped.Tokenizer);
        EndOfText = mapped.SpecialTokens.EndOfText ?? Tokenizer?.EndOfText ?? -1;
        WeightsHash = mapped.WeightsHash;
    }

    private SamplingCheckpoint(Checkpoint loaded)
    {
        (Sampler, Config, Tokenizer) = (new Sampler(loaded.Parameters), loaded.Parameters.Config, loaded.Tokenizer);
        EndOfText = loaded.SpecialTokens.EndOfText ?? Tokenizer?.EndOfText ?? -1;
        WeightsHash = loaded.WeightsHash;
    }

    public Sampler Sampler { get; }

    public ModelConfig Config { get; }

    /// <summary>Null where the folder has no <c>tokenizer.json</c>.</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>The token that ends an answer; -1 where the folder names none.</summary>
    public int EndOfText { get; }

    /// <summary>See <see cref="Checkpoint.WeightsHash"/>.</summary>
    public string WeightsHash { get; }

    /// <summary>Whether the threads share each product; else each has sequences of its own.</summary>
    public bool SharesProducts => Sampler.SharesProducts;

    /// <param name="folder">A model's folder, or an adapter's.</param>
    /// <param name="threads">That share a product, where the model is mapped.</param>
    /// <param name="verify">Whether to check every file's SHA-256 where the folder has a manifest.</param>
    /// <exception cref="CheckpointException">The folder is not one of a model that can be run.</exception>
    public static SamplingCheckpoint Open(string folder, int threads, bool verify = true) =>
        MappedCheckpoint.TryOpen(folder, threads, verify) is { } mapped
            ? new SamplingCheckpoint(mapped)
            : new SamplingCheckpoint(CheckpointFolder.Load(folder, verify));

    public void Dispose() => _mapped?.Dispose();
}
