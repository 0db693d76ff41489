using System.CommandLine;
using Outerloop.Model.Decoder;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>The shape of a decoder on the command line; by default the shape at which peers were measured.</summary>
internal sealed class ModelShapeOptions
{
    private readonly Option<int> _layers = Number("--layers", "layers", 6);
    private readonly Option<int> _dim = Number("--dim", "width of the residual stream", 256);
    private readonly Option<int> _heads = Number("--heads", "query heads", 4);
    private readonly Option<int> _kvHeads = Number("--kv-heads", "key and value heads", 2);
    private readonly Option<int> _headDim = Number("--head-dim", "width of a head", 64);
    private readonly Option<int> _feedForward = Number("--ff", "width of the feed-forward block", 1024);
    private readonly Option<int> _vocabulary = Number("--vocab", "tokens of the vocabulary", 512);

    public IEnumerable<Option> All => [_layers, _dim, _heads, _kvHeads, _headDim, _feedForward, _vocabulary];

    /// <exception cref="InputException">A number that makes no model.</exception>
    public ModelConfig Read(ParseResult parsed)
    {
        foreach (Option<int> option in All.Cast<Option<int>>())
        {
            if (parsed.GetValue(option) < 1)
                throw new InputException($"{option.Name}: {parsed.GetValue(option)} is not at least 1");
        }

        if (parsed.GetValue(_heads) % parsed.GetValue(_kvHeads) != 0)
            throw new InputException($"--kv-heads: {parsed.GetValue(_kvHeads)} does not divide the {parsed.GetValue(_heads)} query heads");
        if (parsed.GetValue(_headDim) % 2 != 0)
            throw new InputException($"--head-dim: {parsed.GetValue(_headDim)} is odd, and rotary positions turn pairs");
        return new ModelConfig
        {
            Layers = parsed.GetValue(_layers),
            Dim = parsed.GetValue(_dim),
            Heads = parsed.GetValue(_heads),
            KvHeads = parsed.GetValue(_kvHeads),
            HeadDim = parsed.GetValue(_headDim),
            FeedForward = parsed.GetValue(_feedForward),
            Vocabulary = parsed.GetValue(_vocabulary),
        };
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
}
