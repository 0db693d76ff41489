using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;

namespace Outerloop.Model.Checkpoints;

/// <summary>A model as it lies in a Hugging Face folder.</summary>
/// <param name="Parameters">Shape and weights, fp32 whatever the stored type.</param>
/// <param name="Tokenizer">Null where the folder has no <c>tokenizer.json</c>.</param>
/// <param name="SpecialTokens">As <c>config.json</c> names them.</param>
/// <param name="WeightsHash">
/// SHA-256, lower-case hex, of the safetensors file; of the shards' bytes in the order of their names where there are
/// several.
/// </param>
public sealed record Checkpoint(
    Parameters Parameters, ITokenizer? Tokenizer, SpecialTokenIds SpecialTokens, string WeightsHash);
