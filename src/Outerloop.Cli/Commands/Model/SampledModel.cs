using System.Globalization;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;

namespace Outerloop.Cli.Commands.Model;

/// <summary>A folder's model, mapped where its weights allow it, with its tokenizer.</summary>
internal sealed class SampledModel : IDisposable
{
    private readonly MappedCheckpoint? _mapped;
    private readonly ITokenizer? _tokenizer;
    private readonly string _folder;

    private SampledModel(string folder, MappedCheckpoint mapped)
    {
        (_folder, _mapped, _tokenizer, Config, Sampler) = (folder, mapped, mapped.Tokenizer, mapped.Config, new Sampler(mapped));
        EndOfText = End(mapped.SpecialTokens);
    }

    private SampledModel(string folder, Checkpoint loaded)
    {
        (_folder, _tokenizer, Config, Sampler) = (folder, loaded.Tokenizer, loaded.Parameters.Config, new Sampler(loaded.Parameters));
        EndOfText = End(loaded.SpecialTokens);
    }

    public ModelConfig Config { get; }

    public Sampler Sampler { get; }

    /// <summary>The token that ends an answer; -1 where the folder names none.</summary>
    public int EndOfText { get; }

    /// <summary>Whether the threads share each product; else each has answers of its own.</summary>
    public bool SharesProducts => _mapped is not null;

    public bool HasTokenizer => _tokenizer is not null;

    /// <exception cref="CheckpointException">The folder is not one of a model that can be run.</exception>
    public static SampledModel Open(string folder, int threads) => MappedCheckpoint.TryOpen(folder, threads) is { } mapped
        ? new SampledModel(folder, mapped)
        : new SampledModel(folder, CheckpointFolder.Load(folder));

    public int[] Encode(string text)
    {
        if (_tokenizer is null)
            throw new InputException($"{_folder}: the model has no tokenizer.json; give the prompt as --tokens");
        try
        {
            return _tokenizer.Encode(text);
        }
        catch (UnknownTokenException unknown)
        {
            throw new InputException($"--prompt: {unknown.Message}", unknown);
        }
    }

    /// <summary>The text of an answer, without what ends it; the ids where there is no tokenizer.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length > 0 && tokens[^1] == EndOfText)
            tokens = tokens[..^1];
        return _tokenizer?.Decode(tokens)
            ?? string.Join(' ', tokens.ToArray().Select(token => token.ToString(CultureInfo.InvariantCulture)));
    }

    public void Dispose() => _mapped?.Dispose();

    private int End(SpecialTokenIds special) => special.EndOfText ?? _tokenizer?.EndOfText ?? -1;
}
