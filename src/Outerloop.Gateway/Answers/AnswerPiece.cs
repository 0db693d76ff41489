using System.Runtime.InteropServices;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Answers;

/// <summary>What one token or several add to one of a request's answers.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Text">May be empty: of a token that ends the answer, or while it may be the beginning of a stop text.</param>
/// <param name="Finish"><c>stop</c> or <c>length</c> with the answer's last token; else null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerPiece(int Choice, string Text, IReadOnlyList<SampledToken> Tokens, string? Finish);
