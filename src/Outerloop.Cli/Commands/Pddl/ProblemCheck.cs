using Outerloop.Planning.Pddl;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>What is wrong with a domain, and with a problem of it where one is given.</summary>
internal sealed record ProblemCheck(IReadOnlyList<Diagnostic> Errors, IReadOnlyList<UnsupportedFeature> Unsupported)
{
    public bool Ok => Errors.Count == 0;

    public static ProblemCheck OfFiles(string domainFile, string? problemFile) =>
        Of(SourceFile.Read(domainFile), problemFile is null ? null : SourceFile.Read(problemFile));

    /// <summary>A problem to work with.</summary>
    /// <exception cref="InputException">A file cannot be read or is wrong; located.</exception>
    public static Problem Required(string domainFile, string problemFile) =>
        Required(SourceFile.Read(domainFile), SourceFile.Read(problemFile));

    /// <summary>A problem to work with.</summary>
    /// <exception cref="InputException">A text could not be read or is wrong; located.</exception>
    public static Problem Required(Reading<SourceText> domainText, Reading<SourceText> problemText)
    {
        Domain domain = Required(PddlReader.ReadDomain(Required(domainText)));
        return Required(PddlReader.ReadProblem(Required(problemText), domain));
    }

    private static T Required<T>(Reading<T> reading)
        where T : class =>
        reading.Ok ? reading.Value : throw new InputException(reading.Errors[0].ToString());

    /// <summary>The problem of a wrong domain is not checked, since nothing could be said of its names.</summary>
    public static ProblemCheck Of(Reading<SourceText> domainText, Reading<SourceText>? problemText)
    {
        Diagnostic[] unreadable = [.. domainText.Errors, .. problemText is null ? [] : problemText.Errors];
        if (domainText.Value is null || unreadable.Length > 0)
            return new ProblemCheck(unreadable, []);
        Reading<Domain> domain = PddlReader.ReadDomain(domainText.Value);
        if (!domain.Ok || problemText is not { Value: { } text })
            return new ProblemCheck(domain.Errors, domain.Value is { } alone ? alone.Unsupported : []);
        Reading<Problem> problem = PddlReader.ReadProblem(text, domain.Value);
        return new ProblemCheck(problem.Errors, problem.Value is { } read ? read.Unsupported : domain.Value.Unsupported);
    }
}
