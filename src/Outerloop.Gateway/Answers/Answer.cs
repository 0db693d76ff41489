using System.Text;
using Outerloop.Model.Sampling;

namespace Outerloop.Gateway.Answers;

/// <summary>One of a request's answers as it grows.</summary>
internal sealed class Answer(int choice)
{
    private readonly StringBuilder _text = new();
    private int _toldText, _toldTokens;

    public int Choice => choice;

    public string Text => _text.ToString();

    /// <summary>The token that ended it included.</summary>
    public List<SampledToken> Tokens { get; } = [];

    /// <summary>Null while it grows.</summary>
    public string? Finish { get; private set; }

    public void Add(AnswerPiece piece)
    {
        _text.Append(piece.Text);
        Tokens.AddRange(piece.Tokens);
        Finish = piece.Finish;
    }

    /// <summary>What was added since this was asked last; null if nothing was.</summary>
    public AnswerPart? TakeUntold()
    {
        if (Tokens.Count == _toldTokens)
            return null;
        var part = new AnswerPart(Choice, IsFirst: _toldTokens == 0, _text.ToString(_toldText, _text.Length - _toldText), Tokens.GetRange(_toldTokens, Tokens.Count - _toldTokens), Finish);
        (_toldText, _toldTokens) = (_text.Length, Tokens.Count);
        return part;
    }
}
