using System.Text;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Answers;

/// <summary>One of a request's answers as it grows.</summary>
internal sealed class Answer(int choice)
{
    private readonly StringBuilder _text = new();

    public int Choice => choice;

    public string Text => _text.ToString();

    /// <summary>The token that ended it included.</summary>
    public List<SampledToken> Tokens { get; } = [];

    /// <summary>Null while it grows.</summary>
    public string? Finish { get; private set; }

    public void Add(AnswerPiece piece)
    {
        _text.Append(piece.Text);
        Tokens.Add(piece.Token);
        Finish = piece.Finish;
    }
}
