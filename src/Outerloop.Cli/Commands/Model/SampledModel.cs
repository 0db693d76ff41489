using System.Globalization;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Sampling;
using Outerloop.Model.Tokenization;

namespace Outerloop.Cli.Commands.Model;

/// <summary>A folder's model and what users say to it; words that it does not know are wrong input.</summary>
internal sealed class SampledModel : IDisposable
{
    private readonly SamplingCheckpoint _checkpoint;
    private readonly string _folder;

    private SampledModel(string folder, SamplingCheckpoint checkpoint) => (_folder, _checkpoint) = (folder, checkpoint);

    public ModelConfig Config => _checkpoint.Config;

    public Sampler Sampler => _checkpoint.Sampler;

    /// <summary>The token that ends an answer; -1 where the folder names none.</summary>
    public int EndOfText => _checkpoint.EndOfText;

    /// <summary>Whether the threads share each product; else each has answers of its own.</summary>
    public bool SharesProducts => _checkpoint.SharesProducts;

    public bool HasTokenizer => _checkpoint.Tokenizer is not null;

    /// <exception cref="CheckpointException">The folder is not one of a model that can be run.</exception>
    public static SampledModel Open(string folder, int threads) => new(folder, SamplingCheckpoint.Open(folder, threads, verify: false));

    public int[] Encode(string text)
    {
        if (_checkpoint.Tokenizer is not { } tokenizer)
            throw new InputException($"{_folder}: the model has no tokenizer.json; give the prompt as --tokens");
        try
        {
            return tokenizer.Encode(text);
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
        return _checkpoint.Tokenizer?.Decode(tokens)
            ?? string.Join(' ', tokens.ToArray().Select(token => token.ToString(CultureInfo.InvariantCulture)));
    }

    public void Dispose() => _checkpoint.Dispose();
}
