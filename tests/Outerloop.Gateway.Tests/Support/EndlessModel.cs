using Outerloop.Gateway.Models;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Gateway.Tests.Support;

/// <summary>A model that never ends an answer at temperature 0, in a folder of its own.</summary>
internal sealed class EndlessModel : IModelSource, IDisposable
{
    public const string Name = "endless", Words = "a b c";

    private readonly Outerloop.Tests.Support.TemporaryFolder _folder = new();
    private readonly FolderModels _models = new(TimeProvider.System);

    /// <summary>With tied embeddings and small random weights the most probable token is the one that was read last.</summary>
    public EndlessModel()
    {
        var config = new ModelConfig { Layers = 1, Dim = 16, Heads = 1, KvHeads = 1, HeadDim = 16, FeedForward = 16, Vocabulary = 8, MaxPositions = 1 << 20 };
        CheckpointFolder.Save(_folder.Path, Parameters.Random(config, seed: 5), new WordTokenizer(["a", "b", "c", "d", "e", "f", "g"]));
        _models.TryAdd(Name, _folder.Path);
    }

    public Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation) => _models.List(cancellation);

    public void Dispose() => _folder.Dispose();
}
