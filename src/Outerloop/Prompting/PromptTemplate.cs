using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Outerloop.Prompting;

/// <summary>
/// The words of a question, with <c>{domain}</c> and <c>{problem}</c> for the PDDL and, if it likes, <c>{example}</c> for a
/// worked example.
/// </summary>
public sealed record PromptTemplate
{
    public const string Domain = "domain", Problem = "problem", Example = "example";

    /// <summary>The name of the standard template in place of a file's.</summary>
    public const string StandardName = "standard";

    /// <summary>The name of the template that tells the task in the language of the small word-level models, and nothing else.</summary>
    public const string WordsName = "words";

    private PromptTemplate(string text) => Text = text;

    public static PromptTemplate Standard { get; } = new("""
        Find a plan for this planning problem in PDDL.

        Domain:
        ```pddl
        {domain}
        ```

        {example}Problem:
        ```pddl
        {problem}
        ```

        A plan is a sequence of actions that leads from the initial state to the goal. Each action must be applicable in the
        state in which it is taken. End your answer with the plan in one code block, one action per line, each written as
        (action-name object ...), and write nothing else into that block.
        """);

    /// <summary>A server's model may be one of the small ones, which know no PDDL.</summary>
    public static PromptTemplate Words { get; } = new($"{{{WordsName}}}");

    public string Text { get; }

    /// <summary>Whether the question is in the language of <see cref="WordFormat"/>.</summary>
    public bool IsInWords => Text == Words.Text;

    /// <summary>SHA-256 of the text, in hexadecimal digits: the template's version.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public bool TellsExample => Placeholders.Names(Text).Contains(Example);

    /// <summary>The standard template, that of the word-level models, or that of a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or its text is none.</exception>
    public static PromptTemplate Named(string name) => name switch
    {
        StandardName => Standard,
        WordsName => Words,
        _ => Read(name),
    };

    /// <exception cref="InputException">The file cannot be read, or its text is none.</exception>
    public static PromptTemplate Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot read the prompt template: {problem.Message}", problem);
        }
    }

    /// <exception cref="InputException">The text tells no problem, or has a name in braces that stands for nothing.</exception>
    public static PromptTemplate Parse(string path, string text)
    {
        if (text == Words.Text)
            return Words;
        ImmutableArray<string> known = [Domain, Problem, Example], names = [.. Placeholders.Names(text)];
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new InputException($"{path}: '{{{unknown}}}' stands for nothing (there are: {string.Join(", ", known.Select(name => $"{{{name}}}"))})");
        return names.Contains(Problem)
            ? new PromptTemplate(text)
            : throw new InputException($"{path}: a prompt template holds {{{Problem}}} where the problem's PDDL is to stand");
    }

    /// <param name="example">Empty for none.</param>
    /// <param name="domain">The domain's PDDL.</param>
    /// <param name="problem">The problem's PDDL.</param>
    public string Fill(string domain, string problem, string example) =>
        Placeholders.Fill(Text, new Dictionary<string, string> { [Domain] = domain, [Problem] = problem, [Example] = example });
}
