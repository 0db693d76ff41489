using System.Collections.Immutable;
using Outerloop.Live;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Gateway.Tasks;

/// <summary>A planning task that somebody wrote into a message: a problem in PDDL, perhaps with its domain.</summary>
/// <param name="Domain">The domain that generators and small models know.</param>
internal sealed record TaskInText(PlanningDomain Domain, PosedProblem Problem)
{
    private const string Opening = "(define";

    /// <summary>The last problem in a text; null if there is none.</summary>
    /// <exception cref="InputException">It is wrong, or of a domain that is not known here.</exception>
    public static TaskInText? Find(string text)
    {
        ImmutableArray<string> definitions = [.. Definitions(text)];
        if (definitions.LastOrDefault(definition => KindOf(definition) == "problem") is not { } problem)
            return null;
        TaskInText task = Read(new SourceText("problem", problem));
        if (definitions.LastOrDefault(definition => KindOf(definition) == "domain") is { } domain)
            RequireSame(task.Domain.Domain, new SourceText("domain", domain));
        return task;
    }

    /// <summary>The same for a model that reads any text: one that cannot be read is none.</summary>
    public static TaskInText? FindReadable(string text)
    {
        try
        {
            return Find(text);
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>A problem in the domain that it names: those whose names are in the text are tried first.</summary>
    private static TaskInText Read(SourceText problem)
    {
        foreach (PlanningDomain domain in DomainCatalog.All.OrderByDescending(domain => problem.Text.Contains(domain.Domain.Name, StringComparison.OrdinalIgnoreCase)))
        {
            Reading<Problem> reading = PddlReader.ReadProblem(problem, domain.Domain);
            if (reading.Ok)
                return new TaskInText(domain, new PosedProblem(reading.Value));
            if (!reading.Errors.Any(error => error.Code == "wrong-domain"))
                throw new InputException($"{reading.Errors[0]}");
        }

        throw new InputException($"the problem is of none of the domains that are known here ({string.Join(", ", DomainCatalog.All.Select(domain => domain.Domain.Name))})");
    }

    private static void RequireSame(Domain known, SourceText written)
    {
        Reading<Domain> reading = PddlReader.ReadDomain(written);
        if (!reading.Ok)
            throw new InputException($"{reading.Errors[0]}");
        if (PddlPrinter.Print(reading.Value) != PddlPrinter.Print(known))
            throw new InputException($"the domain {reading.Value.Name} is not the one that is known here under this name");
    }

    private static string? KindOf(string definition)
    {
        string[] words = definition[Opening.Length..].Split(['(', ')', ' ', '\t', '\r', '\n'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length == 0 ? null : new[] { "problem", "domain" }.FirstOrDefault(kind => words[0].StartsWith(kind, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The parts of a text from <c>(define</c> to the bracket that closes it; brackets in comments do not count.</summary>
    private static IEnumerable<string> Definitions(string text)
    {
        for (int start = 0; (start = text.IndexOf(Opening, start, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            int end = End(text, start);
            if (end < 0)
                yield break;
            yield return text[start..end];
            start = end;
        }
    }

    private static int End(string text, int start)
    {
        int depth = 0;
        for (int at = start; at < text.Length; at++)
        {
            if (text[at] == ';' && (at = text.IndexOf('\n', at)) < 0)
                return -1;
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            if (depth == 0)
                return at + 1;
        }

        return -1;
    }
}
