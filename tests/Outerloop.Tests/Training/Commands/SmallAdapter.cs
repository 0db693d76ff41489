using Outerloop.Model.Adapters;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Training.Commands;

/// <summary>A tiny base and adapters for it, on the disk.</summary>
internal static class SmallAdapter
{
    private static readonly ModelConfig Config = new() { Layers = 1, Dim = 16, Heads = 2, KvHeads = 1, HeadDim = 8, FeedForward = 24, Vocabulary = 4, MaxPositions = 64 };

    public static string Base(TemporaryFolder folder)
    {
        string path = folder.File("tiny-base");
        CheckpointFolder.Save(path, Parameters.Random(Config, 1), new WordTokenizer(["a", "b"], ["<end>"]));
        return path;
    }

    public static string Adapter(TemporaryFolder folder, string name = "made", int dim = 16)
    {
        string path = folder.File(name);
        Adapter adapter = Model.Adapters.Adapter.Fresh(Config with { Dim = dim }, new LoraOptions { Rank = 4 }, 7);
        AdapterFolder.Save(path, adapter, "tiny-base");
        return path;
    }
}
