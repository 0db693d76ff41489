using System.Collections.Immutable;
using Outerloop.Model.Decoder;

namespace Outerloop.Model.Adapters;

/// <summary>Which projection is adapted, and how strongly.</summary>
public sealed record LowRankTarget(int Layer, Projection Projection, int Rank, double Alpha);

/// <summary>The two tensors of one adapted projection.</summary>
/// <param name="Target">Whose they are.</param>
/// <param name="Scale">α/r, or α/√r in a rank-stabilised adapter.</param>
/// <param name="A">[rank, in]</param>
/// <param name="B">[out, rank]</param>
public sealed record LowRankSlots(LowRankTarget Target, float Scale, TensorSlot A, TensorSlot B);

/// <summary>Where each tensor of an adapter lies in one flat buffer, as <see cref="ParameterLayout"/> says for a model.</summary>
public sealed class AdapterLayout
{
    /// <param name="config">The model that is adapted.</param>
    /// <param name="targets">At least one; no projection twice.</param>
    /// <param name="rankStabilised">Whether α is divided by √r (Kalajdzievski, 2023) and not by r.</param>
    public AdapterLayout(ModelConfig config, IEnumerable<LowRankTarget> targets, bool rankStabilised = false)
    {
        Config = config;
        RankStabilised = rankStabilised;
        LayerSlots shapes = new ParameterLayout(config with { Layers = 1 }).Layers[0];
        int next = 0;
        TensorSlot Add(string name, params ImmutableArray<int> shape)
        {
            var slot = new TensorSlot(name, shape, next);
            next = checked(next + slot.Length);
            return slot;
        }

        Updates =
        [
            .. targets.OrderBy(target => target.Layer).ThenBy(target => target.Projection).Select(target =>
            {
                ImmutableArray<int> weight = target.Projection.WeightIn(shapes).Shape;
                string module = "base_model.model." + target.Projection.Module(target.Layer);
                return new LowRankSlots(
                    target,
                    (float)(target.Alpha / (rankStabilised ? Math.Sqrt(target.Rank) : target.Rank)),
                    Add(module + ".lora_A.weight", target.Rank, weight[1]),
                    Add(module + ".lora_B.weight", weight[0], target.Rank));
            }),
        ];
        RequireSound(nameof(targets));
        Slots = [.. Updates.SelectMany(update => (TensorSlot[])[update.A, update.B])];
        Length = next;
    }

    public ModelConfig Config { get; }

    public bool RankStabilised { get; }

    /// <summary>By layer, then by projection.</summary>
    public ImmutableArray<LowRankSlots> Updates { get; }

    /// <summary>All tensors in the order in which they lie in the buffer; their names are those of PEFT.</summary>
    public ImmutableArray<TensorSlot> Slots { get; }

    /// <summary>Number of trained parameters.</summary>
    public int Length { get; }

    /// <summary>The same for all layers and targets.</summary>
    public static AdapterLayout Uniform(ModelConfig config, LoraOptions options) => new(
        config,
        Enumerable.Range(0, config.Layers).SelectMany(layer =>
            options.Targets.Select(projection => new LowRankTarget(layer, projection, options.Rank, options.Alpha))));

    /// <summary>The tensors of a projection; null where it is not adapted.</summary>
    public LowRankSlots? Find(int layer, Projection projection) =>
        Updates.FirstOrDefault(update => update.Target.Layer == layer && update.Target.Projection == projection);

    private void RequireSound(string parameter)
    {
        if (Updates.IsEmpty)
            throw new ArgumentException("an adapter adapts at least one projection", parameter);
        if (Updates.Any(update => update.Target.Layer < 0 || update.Target.Layer >= Config.Layers))
            throw new ArgumentException($"the model has the layers 0 to {Config.Layers - 1}", parameter);
        if (Updates.Any(update => update.Target.Rank < 1 || !double.IsFinite(update.Target.Alpha)))
            throw new ArgumentException("a rank is at least 1, and α is finite", parameter);
        if (Updates.DistinctBy(update => (update.Target.Layer, update.Target.Projection)).Count() < Updates.Length)
            throw new ArgumentException("a projection can be adapted once", parameter);
    }
}
