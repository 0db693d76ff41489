using Outerloop.Planning.Validation;
using Outerloop.Prompting;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Evaluation;

/// <summary>Reads plans out of answers in the format in which the run's models were asked.</summary>
internal sealed class PlansOfAnswers(Lazy<IPromptFormat> format, IReadOnlyDictionary<TaskId, PlanningTask> tasks)
{
    /// <summary>Answers whose plans are remembered before they are forgotten: those of some tasks, for they are alike.</summary>
    private const int MostPlans = 1000;

    private readonly Dictionary<TaskId, PlanValidator> _validators = [];
    private readonly Dictionary<(TaskId, string), Plan> _plans = [];

    /// <summary>The plan of a trace; empty where none can be read, which is so of no valid trace.</summary>
    public Plan Read(Trace trace)
    {
        if (_plans.TryGetValue((trace.Id.Task, trace.Text), out Plan? known))
            return known;
        if (_plans.Count == MostPlans)
            _plans.Clear();
        return _plans[(trace.Id.Task, trace.Text)] = ReadAnew(trace);
    }

    private Plan ReadAnew(Trace trace)
    {
        if (!_validators.TryGetValue(trace.Id.Task, out PlanValidator? validator))
            _validators[trace.Id.Task] = validator = new PlanValidator(tasks[trace.Id.Task].Problem);
        return format.Value.ReadPlan(trace.Text, validator).Value ?? new Plan([]);
    }
}
