namespace Outerloop.Model.Tokenization.BytePairs;

/// <summary>A token that is found in a text by its spelling, before the text is cut into words.</summary>
/// <param name="Id">Its number in the vocabulary.</param>
/// <param name="Content">Its spelling.</param>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Marks structure, and is no part of what the model says.</summary>
    public bool Special { get; init; }

    /// <summary>Found only where no letter, mark, digit or underscore is beside it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Looked for, itself normalised, in the normalised text; otherwise in the text as it is, and before the former.</summary>
    public bool Normalized { get; init; }
}
