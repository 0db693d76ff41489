using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Prompting;

/// <summary>
/// Turns a task and an answer into a training sequence: the prompt, then the answer, on which alone there is a loss.
/// </summary>
public sealed class ExampleEncoder(PlanningDomain domain, ITokenizer tokenizer)
{
    private readonly IPromptFormat _format = PromptFormats.Of(tokenizer, domain);

    /// <summary>Whether a task can be told in other words than those in which it was asked.</summary>
    public bool CanRetell => _format is WordFormat;

    /// <summary>The prompt as it was when the answer was sampled, then the answer's very tokens.</summary>
    public TrainingSequence EncodeAsSampled(Problem problem, IReadOnlyList<int> answer)
    {
        int[] prompt = tokenizer.Encode(_format.Prompt(problem));
        return new TrainingSequence([.. prompt, .. answer], prompt.Length);
    }

    /// <param name="finished">Whether the answer ended by itself, so that its end is learnt too.</param>
    /// <param name="variation">
    /// Tells the same task in other words: facts in another order, interchangeable objects under other names. Null tells
    /// it as it was told when the answer was sampled.
    /// </param>
    public TrainingSequence Encode(Problem problem, string answer, bool finished, Random? variation)
    {
        string prompt = _format.Prompt(problem, variation);
        if (variation is not null)
        {
            Dictionary<string, string> names = Renaming(problem, variation);
            prompt = Rename(prompt, names);
            answer = Rename(answer, names);
        }

        int[] promptIds = tokenizer.Encode(prompt);
        int[] answerIds = tokenizer.Encode(answer);
        int[] end = finished ? [tokenizer.EndOfText] : [];
        return new TrainingSequence([.. promptIds, .. answerIds, .. end], promptIds.Length);
    }

    /// <summary>New names for the problem's objects, drawn without replacement from the names that mean as little.</summary>
    private Dictionary<string, string> Renaming(Problem problem, Random variation) =>
        domain.NameSets.SelectMany(set => Renaming(problem, set, variation)).ToDictionary();

    private static IEnumerable<KeyValuePair<string, string>> Renaming(Problem problem, NameSet set, Random variation)
    {
        string[] names = [.. set.Names];
        HashSet<string> known = [.. names];
        variation.Shuffle(names);
        return problem.Objects.Where(thing => known.Contains(thing.Name))
            .Zip(names, (thing, name) => KeyValuePair.Create(thing.Name, name));
    }

    private static string Rename(string text, Dictionary<string, string> names) =>
        string.Join(' ', text.Split(' ').Select(word => names.GetValueOrDefault(word, word)));
}
