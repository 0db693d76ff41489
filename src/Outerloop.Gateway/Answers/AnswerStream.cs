using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Answers;

/// <summary>The pieces of all of a request's answers, in the order in which they are sampled.</summary>
internal static class AnswerStream
{
    /// <summary>Leaving the loop early, or cancelling it, ends all answers and frees their places in the batch.</summary>
    public static IAsyncEnumerable<AnswerPiece> Of(LiveModel model, int[] prompt, SamplingParameters parameters, CancellationToken cancellation)
    {
        IAsyncEnumerable<AnswerPiece>[] answers = [.. parameters.Seeds.Select((seed, choice) => model.Answer(prompt, parameters, seed, choice, cancellation))];
        return answers.Length == 1 ? answers[0] : Merge(answers, cancellation);
    }

    private static async IAsyncEnumerable<AnswerPiece> Merge(IAsyncEnumerable<AnswerPiece>[] answers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<AnswerPiece> pieces = Channel.CreateUnbounded<AnswerPiece>(new UnboundedChannelOptions { SingleReader = true });
        Task copying = CopyAll(answers, pieces.Writer, left);
        try
        {
            await foreach (AnswerPiece piece in pieces.Reader.ReadAllAsync(cancellation))
                yield return piece;
        }
        finally
        {
            await left.CancelAsync();
            await copying;
        }
    }

    /// <summary>Closes the channel after the last piece; the first failure ends all.</summary>
    private static async Task CopyAll(IAsyncEnumerable<AnswerPiece>[] answers, ChannelWriter<AnswerPiece> pieces, CancellationTokenSource left)
    {
        async Task Copy(IAsyncEnumerable<AnswerPiece> answer)
        {
            try
            {
                await foreach (AnswerPiece piece in answer.WithCancellation(left.Token))
                    pieces.TryWrite(piece);
            }
            catch (Exception problem)
            {
                pieces.TryComplete(problem);
                await left.CancelAsync();
            }
        }

        await Task.WhenAll(answers.Select(Copy));
        pieces.TryComplete();
    }
}
