using Outerloop.Gateway.Tasks;

namespace Outerloop.Gateway.OpenAi;

/// <summary>What a model is asked.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Task">The planning task in it; null if there is none.</param>
internal sealed record Question(int[] Prompt, TaskInText? Task);
