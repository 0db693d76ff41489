using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Answers;

/// <summary>What is told of an answer at once: one token or several.</summary>
/// <param name="Choice">Which of the request's answers, from 0.</param>
/// <param name="IsFirst">Whether it begins its answer.</param>
/// <param name="Text">Of the tokens; may be empty.</param>
/// <param name="Finish">Why the answer ends with them; null where it goes on.</param>
internal sealed record AnswerPart(int Choice, bool IsFirst, string Text, IReadOnlyList<SampledToken> Tokens, string? Finish);
