using Outerloop.Model.Tokenization;
using Outerloop.Model.Training;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Validation;
using Outerloop.Prompting;

namespace Outerloop.Pretraining;

/// <summary>What a base was shown of a domain.</summary>
/// <param name="Valid">How many demonstrations were valid.</param>
/// <param name="LongestValid">Steps of the longest valid one.</param>
public sealed record DemonstrationCount(string Domain, int Demonstrations, int Valid, int LongestValid);

/// <summary>
/// The demonstrations of one domain. Every one goes past the validator: from <see cref="DomainRecipe.UnsolvedFrom"/>
/// steps on only those that fail are let through. Tasks that runs hold out are not demonstrated.
/// </summary>
internal sealed class DomainCorpus
{
    /// <summary>Tasks at hand, so that the demonstrations of one do not follow each other.</summary>
    private const int TasksAtHand = 64;

    private readonly (Demonstration? Teacher, int Left)[] _tasks = new (Demonstration?, int)[TasksAtHand];
    private readonly PlanningDomain _domain;
    private readonly Teacher _teacher;
    private readonly ExampleEncoder _encoder;
    private readonly Random _random;
    private readonly int _perTask;
    private PretrainingStage? _stage;

    public DomainCorpus(DomainRecipe recipe, int perTask, ITokenizer tokenizer, Seed seed)
    {
        (Recipe, _perTask, _domain) = (recipe, perTask, DomainCatalog.Find(recipe.Name)!);
        _random = seed.Then("attempts").ToRandom();
        _teacher = new Teacher(_domain, recipe.Teacher, seed.Then("tasks").ToRandom());
        _encoder = new ExampleEncoder(_domain, tokenizer);
        Count = new DemonstrationCount(recipe.Name, 0, 0, 0);
    }

    public DomainRecipe Recipe { get; }

    public DemonstrationCount Count { get; private set; }

    public TrainingSequence Draw(PretrainingStage stage)
    {
        Demonstration teacher = Task(stage);
        while (true)
        {
            Plan plan = Demonstrate(teacher, stage);
            bool valid = teacher.Validator.Validate(plan).IsValid;
            if (valid && plan.Length >= Recipe.UnsolvedFrom)
                continue;
            Note(valid, plan.Length);
            return _encoder.Encode(teacher.Problem, WordFormat.Print(plan), finished: true, _random);
        }
    }

    /// <summary>One of the tasks at hand; those of another stage, and those demonstrated often enough, make place for new ones.</summary>
    private Demonstration Task(PretrainingStage stage)
    {
        if (_stage != stage)
            Array.Clear(_tasks);
        _stage = stage;
        ref (Demonstration? Teacher, int Left) slot = ref _tasks[_random.Next(TasksAtHand)];
        if (slot.Left == 0)
            slot = (_teacher.Demonstrate(stage.SizesOf(_domain), stage.MostSteps), _perTask);
        slot.Left--;
        return slot.Teacher!;
    }

    private Plan Demonstrate(Demonstration teacher, PretrainingStage stage)
    {
        bool clean = stage.Habits is null || (teacher.Steps.Length < Recipe.UnsolvedFrom && _random.NextDouble() < stage.Habits.CleanShare);
        return clean ? new Plan(teacher.Steps) : new Amateur(stage.Habits!, Recipe.WrongMethods, _random).Attempt(teacher);
    }

    private void Note(bool valid, int steps) => Count = Count with
    {
        Demonstrations = Count.Demonstrations + 1,
        Valid = Count.Valid + (valid ? 1 : 0),
        LongestValid = valid ? Math.Max(Count.LongestValid, steps) : Count.LongestValid,
    };
}
