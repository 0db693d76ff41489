namespace Outerloop.Model.Tokenization.Chat;

/// <summary>Who speaks. Tools and their answers are not among them: a conversation with tools cannot be expressed.</summary>
public enum ChatRole
{
    System,
    User,
    Assistant,
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">
/// What is said. An assistant's may begin with its reasoning, ended by <c>&lt;/think&gt;</c>, as the model writes it.
/// </param>
public sealed record ChatMessage(ChatRole Role, string Content)
{
    /// <summary>An assistant's reasoning where it is known apart from the content.</summary>
    public string? Reasoning { get; init; }
}
